import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageBlobs, type MadeImage } from '../../../../../tests/support/image-archive.ts';
import { makeCertificate } from '../../../../../tests/support/signing/certificates.ts';
import { serveRegistry, type MadeRegistry, type RunningRegistry } from '../../../../../tests/support/registry.ts';
import { defaultImageLimits } from '../../limits.ts';
import { openImage } from '../../open-image.ts';
import { openContentStore } from '../../open-store.ts';
import { parseMirror, type RegistryRule } from './places.ts';
import { listRepositories } from './repository.ts';

const app: MadeImage = { layers: [{ 'etc/passwd': 'root' }, { 'app/run': 'x' }], run: { User: 'app' } };
const { manifest, all, descriptor } = imageBlobs(app);
const blobs = Object.fromEntries(all.map(({ digest, bytes }) => [digest, bytes]));
const made: MadeRegistry = { manifests: { 'team/app': { '1.4': manifest.bytes } }, blobs };

let folder: string;
let running: RunningRegistry | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-registry-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(registry: MadeRegistry): Promise<RunningRegistry> {
  running = await serveRegistry(registry);
  return running;
}

function authFileFor(names: Readonly<Record<string, string>>): string {
  const path = join(folder, 'auth.json');
  const auths = Object.entries(names).map(([name, login]) => [name, { auth: Buffer.from(login).toString('base64') }]);
  writeFileSync(path, JSON.stringify({ auths: Object.fromEntries(auths) }));
  return path;
}

describe('an image of a registry', () => {
  it('is read by tag and by digest, and each layer is compared with its digest', async () => {
    const { host } = await serve(made);
    for (const name of [`${host}/team/app:1.4`, `docker://${host}/team/app:other@${manifest.digest}`]) {
      const image = await openImage(name);
      expect(image).toMatchObject({ form: 'registry', manifest: { digest: manifest.digest }, config: { user: 'app' } });
      expect(image.layers.map(({ isVerified, digest }) => [isVerified, digest])).toEqual(
        all.slice(2).map(({ digest }) => [true, digest]),
      );
      expect(image.tree.read('/etc/passwd')?.toString()).toBe('root');
      expect(image.drainProblems()).toEqual([]);
      image.close();
    }
  });

  it('is waited for when the registry is busy', async () => {
    const { host } = await serve({ ...made, busy: 2 });
    const image = await openImage(`${host}/team/app:1.4`);
    expect(image.layers).toHaveLength(2);
    image.close();
  });

  it('that is not there is an error, and so is a manifest of another digest', async () => {
    const { host } = await serve({ ...made, manifests: { 'team/app': { [manifest.digest]: Buffer.from('{}') } } });
    await expect(openImage(`${host}/team/none`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(openImage(`${host}/team/app@${manifest.digest}`)).rejects.toMatchObject({
      code: 'EVIDENCE_READ',
      message: expect.stringContaining('has the digest'),
    });
  });

  it('with a layer that is cut, endless or not there has a problem, and the other layers', async () => {
    const [first, second] = all.slice(2);
    for (const bytes of [
      second?.bytes.subarray(0, 60),
      Buffer.concat([second?.bytes ?? Buffer.alloc(0), Buffer.alloc(9)]),
    ]) {
      const { host, close } = await serve({
        ...made,
        blobs: { ...blobs, [second?.digest ?? '']: bytes ?? Buffer.alloc(0) },
      });
      const image = await openImage(`${host}/team/app:1.4`);
      expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([true, false]);
      expect(image.tree.read('/etc/passwd')?.toString()).toBe('root');
      expect(image.drainProblems().map(({ code }) => code)).toEqual(['decompress-failed']);
      image.close();
      await close();
    }
    const { [first?.digest ?? '']: _gone, ...rest } = blobs;
    const { host } = await serve({ ...made, blobs: rest });
    const image = await openImage(`${host}/team/app:1.4`);
    expect(image.tree.read('/app/run')?.toString()).toBe('x');
    expect(image.drainProblems()).toMatchObject([
      { code: 'decompress-failed', message: expect.stringContaining('no blob') },
    ]);
    image.close();
  });
});

describe('a registry with a certificate that nobody trusts', () => {
  it('is not asked without TLS, and the fault and what to do are told', async () => {
    const { certificate, keys } = makeCertificate({ subject: 'CN=localhost' });
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = createServer({ cert: certificate.toString(), key }, (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      await expect(openImage(`127.0.0.1:${port}/team/app:1`)).rejects.toMatchObject({
        message: expect.stringMatching(/cannot be asked: self-signed certificate/),
        hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('a registry that asks who it is', () => {
  it('gives a token to anybody, or to those whom it knows', async () => {
    const { host, requests } = await serve({ ...made, auth: 'token' });
    (await openImage(`${host}/team/app:1.4`)).close();
    expect(requests[1]).toBe('GET /token?scope=repository%3Ateam%2Fapp%3Apull&service=made-up -');
    expect(requests.slice(2).every((request) => request.endsWith('Bearer made-up-token'))).toBe(true);
  });

  it('is asked for one token, until it takes that back', async () => {
    let token = 'first';
    const { host, requests } = await serve({ ...made, auth: 'token', token: () => token });
    const open = async (): Promise<number> => {
      const before = requests.length;
      (await openImage(`${host}/team/app:1.4`)).close();
      return requests.slice(before).filter((request) => request.startsWith('GET /token')).length;
    };
    expect(await open()).toBe(1);
    expect(await open()).toBe(0);
    token = 'second';
    expect(await open()).toBe(1);
    expect(await open()).toBe(0);
  });

  it.each(['basic', 'token'] as const)('gets the credentials of its name (%s)', async (auth) => {
    const { host } = await serve({ ...made, auth, login: 'me:secret' });
    const names: Record<string, string>[] = [
      { [host]: 'me:secret' },
      { [`https://${host}/v2/`]: 'me:secret' },
      { [host]: 'x:y', [`${host}/team`]: 'me:secret' },
    ];
    for (const entry of names) {
      (
        await openImage(`${host}/team/app:1.4`, { registry: { authFiles: [join(folder, 'none'), authFileFor(entry)] } })
      ).close();
    }
    for (const authFiles of [
      [],
      [authFileFor({ 'other.example': 'me:secret' })],
      [authFileFor({ [host]: 'me:wrong' })],
    ]) {
      await expect(openImage(`${host}/team/app:1.4`, { registry: { authFiles } })).rejects.toMatchObject({
        code: 'EVIDENCE_READ',
        message: expect.stringContaining('401'),
        hint: expect.stringContaining('--auth-file'),
      });
    }
  });
});

describe('what stands beside an image', () => {
  const signature = imageBlobs({ layers: [] });
  const list = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ ...signature.descriptor, artifactType: 'application/x.signature' }],
    }),
  );

  it('is found by the referrers API, or under the tag of old', async () => {
    const byTag = { 'team/app': { '1.4': manifest.bytes, [manifest.digest.replace(':', '-')]: list } };
    for (const registry of [
      { ...made, referrers: { [manifest.digest]: list } },
      { ...made, manifests: byTag },
    ]) {
      const { host, close } = await serve(registry);
      const { store, start } = await openContentStore(`${host}/team/app:1.4`);
      expect(await store.referrers(start.digest)).toMatchObject([
        { digest: signature.descriptor.digest, artifactType: 'application/x.signature' },
      ]);
      expect(await store.referrers(descriptor.digest.replace(/.$/, '0'))).toEqual([]);
      await close();
    }
  });
});

describe('lists', () => {
  it('of repositories and tags are read page by page', async () => {
    const tags = Object.fromEntries(['1', '2', '3', '4', '5'].map((tag) => [tag, manifest.bytes]));
    const { host } = await serve({ ...made, manifests: { a: tags, 'b/c': {}, d: {} }, page: 2 });
    expect(await listRepositories(host, defaultImageLimits)).toEqual(['a', 'b/c', 'd']);
    const { store } = await openContentStore(`${host}/a:1`);
    expect(await store.tags()).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('mirrors of a registry', () => {
  const rulesFor = (...mirrors: readonly string[]) => ({
    rules: () => Promise.resolve(mirrors.map((mirror) => parseMirror(`registry.invalid=${mirror}`))),
  });

  it('are asked first, and what they serve keeps its own name', async () => {
    const { host, requests } = await serve(made);
    const image = await openImage('registry.invalid/team/app:1.4', { registry: rulesFor(`http://${host}`) });
    expect(image).toMatchObject({ tags: ['registry.invalid/team/app:1.4'], manifest: { digest: manifest.digest } });
    expect(image.drainProblems()).toEqual([]);
    expect(requests[0]).toBe('GET /v2/team/app/manifests/1.4 -');
    image.close();
  });

  it('are passed over when they do not have it, and when they fail, which is told', async () => {
    const { host } = await serve({ ...made, auth: 'basic', login: 'a:b' });
    const rules: RegistryRule = {
      prefix: 'registry.invalid',
      isBlocked: false,
      mirrors: [
        { location: `${host}/elsewhere`, isInsecure: false, serves: 'all' },
        { location: host, isInsecure: false, serves: 'all' },
      ],
      location: { location: host, isInsecure: false, serves: 'all' },
    };
    const registry = { rules: () => Promise.resolve([rules]) };
    await expect(openImage('registry.invalid/team/app:1.4', { registry })).rejects.toThrow(/refuses team\/app: 401/);
    const authFiles = [authFileFor({ [`${host}/team`]: 'a:b' })];
    const image = await openImage('registry.invalid/team/app:1.4', { registry: { ...registry, authFiles } });
    expect(image.drainProblems()).toMatchObject([
      {
        code: 'unreadable',
        at: { path: `${host}/elsewhere/team/app` },
        message: expect.stringMatching(/in vain: .* 401/),
      },
    ]);
    image.close();
  });
});
