import { execFileSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageBlobs, sha256, writeFiles } from '../../../../tests/support/image-archive.ts';
import { serveRegistry } from '../../../../tests/support/registry.ts';
import { ecKeys, makeCertificate } from '../../../../tests/support/signing/certificates.ts';
import { notaryRepository } from '../../../../tests/support/signing/notary-repository.ts';
import { jwsEnvelope } from '../../../../tests/support/signing/notation.ts';
import type { Terminal } from '../../terminal.ts';
import { verifyImage, type VerifyOptions } from './verify-signatures.ts';

const none: VerifyOptions = { key: [], logKey: [], rootCertificate: [] };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const emptyConfig = Buffer.from('{}');
const keys = ecKeys();
const image = imageBlobs({ layers: [{ 'etc/app': 'one' }] });
const { digest } = image.manifest;

let folder: string;
let key: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-verify-'));
  key = write('cosign.pub', keys.publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function run(
  reference: string | undefined,
  options: Partial<VerifyOptions>,
): Promise<{ code: number; result: Record<string, unknown>; text: string }> {
  const outOf = async (json: boolean): Promise<[number, string]> => {
    let out = '';
    const terminal: Terminal = {
      out: (text) => void (out += text),
      talk: () => undefined,
      json,
      quiet: true,
      color: false,
      width: 80,
      isInteractive: false,
      signal: new AbortController().signal,
    };
    return [await verifyImage(reference, { ...none, ...options }, terminal), out];
  };
  const [[code, json], [, text]] = [await outOf(true), await outOf(false)];
  return { code, result: JSON.parse(json) as Record<string, unknown>, text };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

function descriptor(bytes: Buffer, mediaType: string, annotations?: Readonly<Record<string, string>>): Descriptor {
  return {
    mediaType,
    digest: sha256(bytes),
    size: bytes.length,
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** A manifest with one layer, and the blobs that it names. */
function artifact(
  layer: Buffer,
  mediaType: string,
  annotations: Record<string, string>,
  more: object = {},
): { manifest: Buffer; blobs: Buffer[] } {
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(emptyConfig, 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptor(layer, mediaType, annotations)],
    ...more,
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), blobs: [layer, emptyConfig] };
}

function cosignSignature(about: string, repository = 'registry.test/app'): { manifest: Buffer; blobs: Buffer[] } {
  const critical = {
    identity: { 'docker-reference': repository },
    image: { 'docker-manifest-digest': about },
    type: 'cosign container image signature',
  };
  const payload = Buffer.from(JSON.stringify({ critical }));
  const signature = sign('sha256', payload, keys.privateKey).toString('base64');
  return artifact(payload, 'application/vnd.dev.cosign.simplesigning.v1+json', {
    'dev.cosignproject.cosign/signature': signature,
  });
}

/** An OCI layout of the image with one more manifest, under a name or other annotations. */
function layout(
  name: string,
  { manifest, blobs }: { manifest: Buffer; blobs: Buffer[] },
  annotations: Record<string, string>,
): string {
  const path = join(folder, name);
  const own = { ...image.descriptor, annotations: { 'org.opencontainers.image.ref.name': '1' } };
  const manifests = [own, descriptor(manifest, manifestType, annotations)];
  const files: Record<string, Buffer> = {
    'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    'index.json': Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })),
  };
  const all = [...image.all.map(({ bytes }) => bytes), manifest, ...blobs];
  for (const bytes of all) files[`blobs/${sha256(bytes).replace(':', '/')}`] = bytes;
  writeFiles(path, files);
  return path;
}

const sigTag = { 'org.opencontainers.image.ref.name': `${digest.replace(':', '-')}.sig` };

describe('image verify', () => {
  it('finds a signature under its tag in a layout, and lists each check and what to do next', async () => {
    const path = layout('tagged', cosignSignature(digest), sigTag);
    const { code, result, text } = await run(`oci:${path}`, { key: [key] });
    expect(code).toBe(0);
    expect(result).toMatchObject({
      image: `oci:${path}`,
      digest,
      state: 'valid',
      signatures: [{ scheme: 'cosign', valid: true, subject: digest }],
      not_checked: [],
      problems: [],
    });
    expect(text).toContain('valid: 1 of 1 signature\n');
    expect(text).toMatch(/\n {2}digest {5}ok: sha256:/);
    expect(text).toMatch(/\n {2}log {8}not checked: it was not written into a transparency log\n/);
    expect(text).toMatch(/\nnext: A signature says who published an image, and not that it is harmless/);
  });

  it('finds what cosign save marked', async () => {
    const path = layout('saved', cosignSignature(digest), { kind: 'dev.cosignproject.cosign/sigs' });
    expect((await run(path, { key: [key] })).code).toBe(0);
  });

  it('is 1 for an image that was changed since, for another key, and for another repository', async () => {
    const moved = layout('moved', cosignSignature(sha256(Buffer.from('other'))), sigTag);
    expect(await run(moved, { key: [key] })).toMatchObject({ code: 1, result: { state: 'invalid' } });
    const good = layout('good', cosignSignature(digest), sigTag);
    const other = write('other.pub', ecKeys().publicKey.export({ type: 'spki', format: 'pem' }));
    expect(await run(good, { key: [other] })).toMatchObject({ code: 1 });
    expect(await run(good, { key: [key], repository: 'registry.test/other' })).toMatchObject({ code: 1 });
    expect(await run(good, { key: [key], repository: 'registry.test/app' })).toMatchObject({ code: 0 });
  });

  it('is 1 for an image without signatures, and 2 when one could not be read', async () => {
    const plain = layout('plain', cosignSignature(digest), {
      'org.opencontainers.image.ref.name': `sha256-${'0'.repeat(64)}.sig`,
    });
    expect(await run(plain, { key: [key] })).toMatchObject({ code: 1, result: { state: 'missing', problems: [] } });
    const { manifest } = cosignSignature(digest);
    const cut = layout('cut', { manifest, blobs: [] }, sigTag);
    const { code, result } = await run(cut, { key: [key] });
    expect(code).toBe(2);
    expect(result).toMatchObject({ state: 'missing', problems: [{ code: 'unreadable' }] });
  });

  it('judges a referrer by a trust policy and a trust store', async () => {
    const signer = makeCertificate({ subject: 'C=US, ST=WA, O=test, CN=one', usages: ['1.3.6.1.5.5.7.3.3'] });
    const target = { digest, mediaType: manifestType, size: image.manifest.bytes.length };
    const envelope = jwsEnvelope({ payload: Buffer.from(JSON.stringify({ targetArtifact: target })), chain: [signer] });
    const artifactType = 'application/vnd.cncf.notary.signature';
    const path = layout(
      'notation',
      artifact(envelope, 'application/jose+json', {}, { artifactType, subject: image.descriptor }),
      {},
    );
    const store = join(folder, 'truststore', 'x509', 'ca', 'test');
    mkdirSync(store, { recursive: true });
    writeFileSync(join(store, 'one.crt'), signer.certificate.toString());
    const statement = {
      name: 'test',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:test'],
      trustedIdentities: ['*'],
    };
    const trustPolicy = write('trustpolicy.json', JSON.stringify({ version: '1.0', trustPolicies: [statement] }));
    const { code, result } = await run(path, { trustPolicy, trustStore: join(folder, 'truststore') });
    expect({ code, state: result['state'] }).toEqual({ code: 0, state: 'valid' });
    expect((await run(path, { trustPolicy })).code).toBe(1);
    expect(await run(path, { key: [key] })).toMatchObject({
      code: 1,
      result: { state: 'missing', not_checked: [{ what: '1 × Notation (Notary Project)' }] },
    });
  });

  it('asks a registry for the tag of the signature, and compares the repository', async () => {
    const { manifest, blobs } = cosignSignature(digest, 'registry.test/app');
    const all = [...image.all.map(({ bytes }) => bytes), ...blobs];
    const registry = await serveRegistry({
      manifests: { app: { '1': image.manifest.bytes, [sigTag['org.opencontainers.image.ref.name']]: manifest } },
      blobs: Object.fromEntries(all.map((bytes) => [sha256(bytes), bytes])),
    });
    try {
      const { code, result } = await run(`${registry.host}/app:1`, { key: [key], plainHttp: true });
      expect(code).toBe(0);
      const signatures = result['signatures'] as readonly { readonly checks: readonly object[] }[];
      const checks = signatures.flatMap((signature) => signature.checks);
      expect(checks).toContainEqual(expect.objectContaining({ name: 'reference', state: 'warned' }));
      expect(
        (await run(`${registry.host}/app:1`, { key: [key], plainHttp: true, repository: `${registry.host}/app` })).code,
      ).toBe(1);
    } finally {
      await registry.close();
    }
  });

  it('judges content trust with a pinned certificate, for a digest alone', async () => {
    const { roles, rootSigner } = notaryRepository({ targets: { latest: digest.slice('sha256:'.length) } });
    const metadata = join(folder, 'trust', 'metadata');
    mkdirSync(metadata, { recursive: true });
    for (const [role, bytes] of roles) writeFileSync(join(metadata, `${role}.json`), bytes);
    const certificate = write('root.crt', rootSigner.certificate.toString());
    const options = { digest, tag: 'latest', contentTrust: join(folder, 'trust'), at: '2026-06-01' };
    const { code, text } = await run(undefined, { ...options, rootCertificate: [certificate] });
    expect(code).toBe(0);
    expect(text).toContain('note: Docker Content Trust is being retired');
    expect((await run(undefined, options)).code).toBe(1);
    expect((await run(undefined, { ...options, rootCertificate: [certificate], at: '2031-01-01' })).code).toBe(1);
  });

  it('judges a bundle of an artifact that openssl signed', async () => {
    const path = write('app.txt', 'what is signed');
    const privateKey = write('key.pem', keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    execFileSync('openssl', ['dgst', '-sha256', '-sign', privateKey, '-out', `${path}.sig`, path]);
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
      messageSignature: {
        messageDigest: {
          algorithm: 'SHA2_256',
          digest: Buffer.from(sha256(readFileSync(path)).slice(7), 'hex').toString('base64'),
        },
        signature: readFileSync(`${path}.sig`).toString('base64'),
      },
    };
    const options = { bundle: write('app.json', JSON.stringify(bundle)), key: [key] };
    expect((await run(undefined, { ...options, artifact: path })).code).toBe(0);
    expect((await run(undefined, { ...options, artifact: write('else.txt', 'something else') })).code).toBe(1);
  });

  it.each([
    ['nothing is trusted', 'x', {}, /nothing is trusted by default/],
    ['nothing is named', undefined, { key: ['cosign.pub'] }, /"cosign.pub" is no file/],
    ['an identity has no issuer', 'x', { trustedRoot: 'package.json', identity: '.*' }, /go together/],
    ['a root has no identity', 'x', { trustedRoot: 'package.json' }, /say who should have/],
    ['an identity is no pattern', 'x', { trustedRoot: 'package.json', identity: '(', issuer: 'y' }, /no pattern/],
    ['a mirror has no root', 'x', { tufMirror: '.', trustPolicy: 'package.json' }, /go together/],
    ['a key is none', 'x', { key: ['package.json'] }, /no public key/],
    ['a store is no folder', 'x', { trustPolicy: 'package.json', trustStore: 'package.json' }, /no folder/],
    ['content trust is none', 'x', { contentTrust: 'docs' }, /no root.json/],
    ['a scheme is unknown', 'x', { trustPolicy: 'package.json', scheme: 'pgp' }, /no signature scheme "pgp"/],
    [
      'a digest is none',
      undefined,
      { bundle: 'package.json', digest: 'x', trustPolicy: 'package.json' },
      /say what was signed/,
    ],
    ['an image has a digest besides', 'x', { digest: 'x', trustPolicy: 'package.json' }, /exclude each other/],
    ['a folder is no image', 'docs', { trustPolicy: 'package.json' }, /keeps neither the manifest/],
  ] as const)('fails when %s', async (_case, reference, options, message) => {
    await expect(run(reference, options as Partial<VerifyOptions>)).rejects.toThrow(message);
  });
});
