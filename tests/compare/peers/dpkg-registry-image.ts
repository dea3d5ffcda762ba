import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../../tools/run-arguments.ts';
import { hasLiveRegistry, startLiveRegistry } from '../../support/live-registry.ts';
import type { Peer } from '../peer.ts';
import { corpusFiles, differences, isInstalled } from '../tools.ts';
import { prepareTrivy, scanWithTrivy, trivyProgram } from '../trivy.ts';

/**
 * A Debian of today, made by mmdebstrap, put into an image by umoci, pushed by skopeo to Docker's registry on loopback, and signed: the packages
 * that we see from there are those that dpkg names, vulnerabilities those of Trivy on the layout, the signature holds, one by somebody
 * else does not, and the index of that registry says where openssl is.
 */
export const peer: Peer = {
  id: 'dpkg/registry-image',
  isAvailable: () => Promise.resolve(hasLiveRegistry && ['mmdebstrap', 'umoci', 'dpkg-query'].every(isInstalled)),
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-debian-'));
    const registry = await startLiveRegistry(folder);
    try {
      const { layout, packages } = makeDebian(folder);
      const name = `${registry.host}/base/debian:today`;
      execFileSync('skopeo', [
        'copy',
        '--quiet',
        '--dest-tls-verify=false',
        `oci:${layout}:debian`,
        `docker://${name}`,
      ]);
      const known = corpusFiles('image/advisories/osv/debian12-changelog.osv.ndjson.gz');
      const advisories = known.length > 0 ? known : [join(repositoryRoot, 'docs/guide/examples/advisories')];
      const scan = ours('scan', name, ...advisories.flatMap((path) => ['--advisories', path]));
      const found = differences(name, counted(ourPackages(scan)), counted(packages));
      const rows = theirRows(layout, folder);
      if (rows !== undefined) found.push(...differences('vulnerabilities', counted(ourRows(scan)), counted(rows)));
      found.push(...(await judgeSignatures(registry.host, folder)));
      found.push(...askIndex(registry.host, packages, folder));
      return {
        differences: found,
        figures: { packages: packages.length, 'vulnerabilities of Trivy': rows?.length ?? 'not asked' },
      };
    } finally {
      registry.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function makeDebian(folder: string): { readonly layout: string; readonly packages: readonly string[] } {
  const root = join(folder, 'root');
  const tar = join(folder, 'root.tar');
  execFileSync('mmdebstrap', ['--variant=minbase', '--include=openssl', '--quiet', 'bookworm', tar], {
    stdio: 'ignore',
  });
  mkdirSync(root);
  execFileSync('tar', ['-xf', tar, '-C', root, './var/lib/dpkg']);
  const format = '--showformat=${db:Status-Abbrev}\t${Package} ${Version}\n';
  const listed = execFileSync('dpkg-query', [`--admindir=${join(root, 'var/lib/dpkg')}`, format, '-W'], {
    encoding: 'utf8',
  });
  const layout = join(folder, 'layout');
  for (const args of [
    ['init', '--layout', layout],
    ['new', '--image', `${layout}:debian`],
    ['raw', 'add-layer', '--image', `${layout}:debian`, tar],
  ]) {
    execFileSync('umoci', args, { stdio: 'ignore' });
  }
  const installed = listed.split('\n').filter((line) => line.startsWith('ii'));
  return { layout, packages: installed.map((line) => line.slice(line.indexOf('\t') + 1)) };
}

interface Scan {
  readonly packages: readonly { readonly purl: string }[];
  readonly vulnerabilities: readonly { readonly id: string; readonly package: string; readonly installed: string }[];
}

/** What the scan says, as a user would have it. */
function ours(...args: readonly string[]): Scan {
  return JSON.parse(run(0, ...args)) as Scan;
}

/** Runs a subcommand of `image`; nothing when it ends with another code than is wanted. */
function run(wanted: number, ...args: readonly string[]): string {
  const program = join(repositoryRoot, 'src/cli/main.ts');
  const command = ['--disable-warning=ExperimentalWarning', program, '--json', 'image', ...args];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return status === wanted ? stdout : '';
}

function ourPackages({ packages }: Scan): string[] {
  return packages.flatMap(({ purl }) => {
    const [name, version] = /^pkg:deb\/debian\/(?<name>[^@]+)@(?<version>[^?]+)/.exec(purl)?.slice(1) ?? [];
    return name === undefined ? [] : [`${decodeURIComponent(name)} ${decodeURIComponent(version ?? '')}`];
  });
}

function ourRows({ vulnerabilities }: Scan): string[] {
  return vulnerabilities.map(({ id, package: name, installed }) => `${id} ${name} ${installed}`);
}

/** Undefined without a Trivy. */
function theirRows(layout: string, folder: string): string[] | undefined {
  const program = trivyProgram();
  if (program === undefined) return undefined;
  const found = scanWithTrivy(prepareTrivy(program, folder), 'image', layout);
  return found?.map((row) => [row.id, row.package, row.installed].join(' '));
}

/** Signs as cosign does, in the registry, and asks for the signature with the right key and with another one. */
async function judgeSignatures(host: string, folder: string): Promise<string[]> {
  const repository = `${host}/base/debian`;
  const { headers } = await fetch(`http://${host}/v2/base/debian/manifests/today`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const digest = headers.get('docker-content-digest') ?? '';
  const [right, wrong] = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ];
  await pushSignature(host, repository, digest, right.privateKey);
  const found: string[] = [];
  for (const [name, keys, code, state] of [
    ['right', right, 0, 'valid'],
    ['wrong', wrong, 1, 'invalid'],
  ] as const) {
    const path = join(folder, `${name}.pub`);
    writeFileSync(path, keys.publicKey.export({ type: 'spki', format: 'pem' }));
    const verdict = JSON.parse(run(code, 'verify', `${repository}:today`, '--key', path) || '{}') as { state?: string };
    if (verdict.state !== state) {
      found.push(`the ${name} key: we say ${verdict.state ?? 'nothing'}, and it is ${state}`);
    }
  }
  return found;
}

/** The index of the whole registry, asked where openssl is: in this image, in the version that dpkg names. */
function askIndex(host: string, packages: readonly string[], folder: string): string[] {
  const open = ['--case', join(folder, 'case'), 'index'];
  run(0, ...open, 'add', `registry:${host}`);
  const { found } = JSON.parse(run(0, ...open, 'find', 'openssl') || '{"found":[]}') as Found;
  const texts = found.map(({ image, package: { name, version } }) => `${image.names.join(' ')} ${name} ${version}`);
  const installed = packages.filter((text) => text.startsWith('openssl '));
  const wanted = installed.map((text) => `${host}/base/debian:today ${text}`);
  return differences('where openssl is', counted(texts), counted(wanted));
}

interface Found {
  readonly found: readonly {
    readonly image: { readonly names: readonly string[] };
    readonly package: { readonly name: string; readonly version: string };
  }[];
}

async function pushSignature(host: string, repository: string, digest: string, key: KeyObject): Promise<void> {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
  const config = Buffer.from('{}');
  const blobs = [config, payload];
  for (const blob of blobs) {
    const start = await fetch(`http://${host}/v2/base/debian/blobs/uploads/`, { method: 'POST' });
    const place = new URL(start.headers.get('location') ?? '', `http://${host}`);
    place.searchParams.set('digest', sha256(blob));
    await fetch(place, {
      method: 'PUT',
      body: new Uint8Array(blob),
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256(config), size: config.length },
    layers: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        digest: sha256(payload),
        size: payload.length,
        annotations: { 'dev.cosignproject.cosign/signature': sign('sha256', payload, key).toString('base64') },
      },
    ],
  };
  const tag = `${digest.replace(':', '-')}.sig`;
  const headers = { 'content-type': manifest.mediaType };
  await fetch(`http://${host}/v2/base/debian/manifests/${tag}`, {
    method: 'PUT',
    body: JSON.stringify(manifest),
    headers,
  });
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function counted(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
