import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dockerArchive,
  imageBlobs,
  ociLayout,
  writeFiles,
  type MadeImage,
} from '../../../../tests/support/image-archive.ts';
import {
  writeContainerdStore,
  writeContainersStorage,
  writeDockerContainer,
  writeDockerStore,
  writePodmanContainer,
} from '../../../../tests/support/engine-store.ts';
import { serveRegistry, type RunningRegistry } from '../../../../tests/support/registry.ts';
import type { Terminal } from '../../terminal.ts';
import { addToIndex, type AddOptions } from './add-to-index.ts';
import { judgeIndex, writePolicy } from './judge-index.ts';
import { scanIndex } from './scan-index.ts';
import { printFound } from './print-found.ts';
import { printIndex } from './print-index.ts';

const database = 'P:musl\nV:1.1.24-r2\nA:x86_64\nL:MIT\no:musl\n\n';
const base: MadeImage = {
  tags: ['base:3'],
  layers: [{ 'etc/os-release': 'ID=alpine\nPRETTY_NAME="Alpine"\nVERSION_ID=3.11', 'lib/apk/db/installed': database }],
};
const app: MadeImage = { tags: ['app:1'], layers: [...base.layers, { 'app/run': 'x' }] };

let folder: string;
let caseFolder: string;
let registry: RunningRegistry;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-index-command-'));
  caseFolder = join(folder, 'case');
  const { manifest, all } = imageBlobs(app);
  registry = await serveRegistry({
    manifests: {
      'team/app': { 1: manifest.bytes, [`sha256-${'a'.repeat(64)}.sig`]: manifest.bytes },
      other: { broken: Buffer.from('{}') },
    },
    blobs: Object.fromEntries(all.map(({ digest, bytes }) => [digest, bytes])),
  });
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'deep'), { recursive: true });
  writeFileSync(join(archives, 'deep/two.tar'), dockerArchive(base, { tags: ['empty:0'], layers: [{ a: '' }] }));
  writeFiles(join(archives, 'layout'), ociLayout([app]));
  writeFileSync(join(archives, 'notes.txt'), 'no image');
  symlinkSync(archives, join(archives, 'loop'));
  writeFileSync(
    join(archives, 'compose.yaml'),
    `services:\n  web:\n    image: ${registry.host}/team/app:1\n  db:\n    image: postgres:15\n`,
  );
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function terminalOf(json: boolean): { readonly terminal: Terminal; readonly texts: { out: string; talk: string } } {
  const texts = { out: '', talk: '' };
  const terminal: Terminal = {
    out: (text) => void (texts.out += text),
    talk: (text) => void (texts.talk += text),
    json,
    quiet: true,
    color: false,
    width: 200,
    isInteractive: false,
    signal: new AbortController().signal,
  };
  return { terminal, texts };
}

async function add(sources: readonly string[], options: AddOptions = {}): Promise<unknown> {
  const { terminal, texts } = terminalOf(true);
  const code = await addToIndex(sources, caseFolder, { authFile: join(folder, 'none'), ...options }, terminal);
  return { code, ...(JSON.parse(texts.out) as object) };
}

describe('image index', () => {
  it('takes folders and registries, reads each image once, and goes on after what cannot be read', async () => {
    expect(await add([join(folder, 'archives')])).toEqual({ code: 0, read: 3, known: 0, uses: 2, problems: [] });
    expect(await add([`registry:${registry.host}`])).toMatchObject({
      code: 2,
      read: 0,
      known: 1,
      problems: [{ code: 'unreadable', at: `${registry.host}/other:broken` }],
    });
    const asked = registry.requests.length;
    expect(await add([`registry:${registry.host}/team`])).toMatchObject({ code: 0, read: 0, known: 1 });
    expect(registry.requests.slice(asked).filter((request) => request.includes('layer'))).toEqual([]);
    expect(await add([join(folder, 'none.tar')])).toMatchObject({ code: 2, read: 0 });
  });

  it('lists them with base and uses, and what is used and not known', async () => {
    const { terminal, texts } = terminalOf(true);
    await printIndex(caseFolder, terminal);
    const { images, not_indexed: unknown } = JSON.parse(texts.out) as { images: object[]; not_indexed: object[] };
    expect(images).toMatchObject([
      {
        names: ['docker.io/library/app:1', `${registry.host}/team/app:1`],
        base: { name: 'base:3', layers: 1, whole: true },
        packages: 1,
        uses: [{ what: 'service web', line: 3 }],
      },
      { names: ['docker.io/library/base:3'], base: null, distribution: 'Alpine' },
      { names: ['docker.io/library/empty:0'], packages: 0 },
    ]);
    expect(unknown).toMatchObject([{ reference: 'postgres:15' }]);
    const text = terminalOf(false);
    await printIndex(caseFolder, text.terminal);
    expect(text.texts.out).toMatch(/\napp:1 +\d+ +1 +1 +base:3 +[0-9a-f]{12} +linux\/amd64\n/);
    expect(text.texts.out).toContain('not in the index: postgres:15, used by');
  });

  it('finds the images of a package, and where they run', async () => {
    const { terminal, texts } = terminalOf(false);
    await printFound('musl@1.1.24-r2', caseFolder, terminal);
    expect(texts.out.split('\n').map((line) => line.replace(folder, ''))).toEqual([
      'base:3  musl 1.1.24-r2 (apk) in /lib/apk/db/installed, layer 0',
      'app:1  musl 1.1.24-r2 (apk) in /lib/apk/db/installed, layer 0',
      '  used by /archives/compose.yaml:3 service web',
      '',
    ]);
    const none = terminalOf(false);
    await printFound('musl@9', caseFolder, none.terminal);
    expect(none.texts).toEqual({ out: '', talk: 'none of 3 images in the index has it\n' });
  });

  it('fetches what manifests name when it is told to', async () => {
    caseFolder = join(folder, 'fetched');
    writeFileSync(
      join(folder, 'pod.yaml'),
      `apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: '${registry.host}/team/app:1'}]}\n`,
    );
    expect(await add([join(folder, 'pod.yaml')])).toMatchObject({ read: 0, uses: 1 });
    expect(await add([join(folder, 'pod.yaml')], { fetch: true })).toMatchObject({ code: 0, read: 1, uses: 1 });
  });

  it('takes all of an engine, and knows what runs', async () => {
    caseFolder = join(folder, 'engines');
    const stored = { ...app, layers: [{ 'etc/os-release': 'ID=alpine\nVERSION_ID=3.11', 'app/run': 'x' }] };
    const [docker, podman] = [join(folder, 'docker'), join(folder, 'podman')];
    writeDockerStore(docker, stored);
    writeDockerContainer(docker, stored, 'web', {});
    writeContainersStorage(podman, stored);
    writePodmanContainer(podman, stored, 'api', {});
    const orbit = join(folder, 'containerd');
    writeContainerdStore(orbit, stored);
    expect(await add([`docker-store:${docker}`])).toEqual({ code: 0, read: 1, known: 0, uses: 1, problems: [] });
    expect(await add([`containers-storage:${podman}`])).toEqual({ code: 0, read: 0, known: 1, uses: 1, problems: [] });
    expect(await add([`containerd-store:${orbit}`])).toEqual({ code: 0, read: 0, known: 1, uses: 0, problems: [] });
    expect(await add([`docker-store:${join(folder, 'none')}`])).toMatchObject({ code: 2, read: 0 });
    const { terminal, texts } = terminalOf(true);
    await printIndex(caseFolder, terminal);
    const { images, not_indexed: unknown } = JSON.parse(texts.out) as { images: object[]; not_indexed: object[] };
    expect(images).toMatchObject([
      {
        uses: [
          { what: 'container web', path: docker },
          { path: podman, running: 'unknown' },
        ],
      },
    ]);
    expect(unknown).toEqual([]);
  });
});

const osv = {
  id: 'ALPINE-CVE-2020-28928',
  aliases: ['CVE-2020-28928'],
  affected: [
    {
      package: { ecosystem: 'Alpine:v3.11', name: 'musl' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.1.24-r3' }] }],
    },
  ],
  database_specific: { severity: 'HIGH' },
};

describe('a policy over the index', () => {
  let policy: string;
  let advisories: string;
  beforeAll(async () => {
    caseFolder = join(folder, 'judged');
    policy = join(folder, 'policy.yaml');
    advisories = join(folder, 'osv.json');
    writeFileSync(advisories, JSON.stringify(osv));
    writeFileSync(
      join(folder, 'team.pub'),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    );
    await add([join(folder, 'archives')]);
  });

  async function judge(
    text: string,
  ): Promise<{ code: number; images: { image: { names: string[] }; state: string; faults: unknown[] }[] }> {
    writeFileSync(policy, text);
    const { terminal, texts } = terminalOf(true);
    const code = await judgeIndex(caseFolder, { policy, advisories: [advisories] }, terminal);
    return { code, ...(JSON.parse(texts.out) as { images: [] }) };
  }

  it('names what is refused and why, the refused ones first', async () => {
    const { code, images } = await judge('vulnerabilities: {fixable: high}');
    expect(code).toBe(1);
    expect(images.map(({ image, state }) => [image.names[0], state])).toEqual([
      ['docker.io/library/app:1', 'refused'],
      ['docker.io/library/base:3', 'refused'],
      ['docker.io/library/empty:0', 'unknown'],
    ]);
    expect(images[0]?.faults).toEqual([
      {
        rule: 'vulnerabilities',
        detail: 'CVE-2020-28928 in musl 1.1.24-r2: high, and there is a fix',
        fix: 'update it to 1.1.24-r3',
      },
    ]);
    expect((await judge('vulnerabilities: {fixable: critical}')).code).toBe(2);
  });

  it('asks for signatures when images come in, once for each trust', async () => {
    writeFileSync(policy, 'signed: {keys: [team.pub]}');
    expect(await judge('signed: {keys: [team.pub]}')).toMatchObject({ code: 2 });
    await add([join(folder, 'archives')], { policy, refresh: true });
    const { code, images } = await judge('signed: {keys: [team.pub]}');
    expect(code).toBe(1);
    // An archive of docker save keeps no signatures; a layout does.
    expect(Object.fromEntries(images.map(({ image, state }) => [image.names[0], state]))).toEqual({
      'docker.io/library/app:1': 'refused',
      'docker.io/library/base:3': 'unknown',
      'docker.io/library/empty:0': 'unknown',
    });
  });

  it('is exported with the refused images, and told in words', async () => {
    writeFileSync(policy, 'registries: [docker.io/library]\nvulnerabilities: {fixable: high}');
    const { terminal, texts } = terminalOf(false);
    expect(await writePolicy('kubernetes', caseFolder, { policy, advisories: [advisories] }, terminal)).toBe(0);
    expect(texts.out).toContain("'docker.io/library/base:3'");
    const words = terminalOf(false);
    await judgeIndex(caseFolder, { policy, advisories: [advisories] }, words.terminal);
    expect(words.texts.out).toContain('REFUSED  base:3\n  vulnerabilities: CVE-2020-28928 in musl 1.1.24-r2');
    expect(words.texts.out).toContain('3 images: 2 refused, 1 unknown, 0 allowed\n');
  });

  it('is helped by a table of all vulnerabilities', async () => {
    const { terminal, texts } = terminalOf(false);
    expect(await scanIndex(caseFolder, { advisories: [advisories] }, terminal)).toBe(0);
    expect(texts.out).toMatch(/\nbase:3 +0 +0 +0 +1 +1 +1 +1 +0\n/);
    expect(texts.talk).toBe('1 of 3 images have packages that no advisories are loaded for; --json names them\n');
  });
});
