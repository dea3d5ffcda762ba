import { X509Certificate, createHash, createPublicKey } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileForeignPattern } from '../../../src/base/regex.ts';
import type { Attachment, Trust } from '../../../src/inspect/image/signature-scheme.ts';
import { signatureSchemes } from '../../../src/inspect/image/signatures/registry.generated.ts';
import { readDirectoryImage } from '../../../src/inspect/image/verify-directory.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { describeVerdicts, emptyTrust } from './signatures-cases/trust.ts';

/**
 * Images in the layout of containers/image's `dir:`, judged with every key in the folder and the public good root. A name says what is
 * wanted: `valid` is accepted, `mixed` has one good signature besides a bad one, all others are rejected.
 */
export const suite: Suite = {
  id: 'signatures/cosign',
  async run(corpus) {
    const folder = join(corpus, 'image', 'signatures', 'cosign-image');
    const cases = globSync('dir-*', { cwd: folder }).sort();
    const trust = trustOf(folder, corpus);
    const failed: SuiteFailure[] = [];
    for (const name of cases) {
      const fault = await faultOf(join(folder, name), trust);
      if (fault !== undefined) failed.push({ case: name, ...fault });
    }
    const keyless = await keylessCase(folder, trust);
    if (keyless?.fault !== undefined) failed.push({ case: keyless.name, ...keyless.fault });
    const total = cases.length + (keyless === undefined ? 0 : 1);
    return { total, passed: total - failed.length, skipped: 0, failed };
  },
};

type Fault = Omit<SuiteFailure, 'case'>;

async function faultOf(folder: string, trust: Trust): Promise<Fault | undefined> {
  const name = basename(folder);
  const isMixed = name.includes('mixed');
  const isWanted = isMixed || name.includes('valid');
  const { subject, attachments } = readDirectoryImage(folder) ?? {};
  const owned = attachments?.filter((one) => signatureSchemes.cosign.owns(one)) ?? [];
  const verdicts =
    subject === undefined ? [] : await signatureSchemes.cosign.verify({ subject, attachments: owned, trust });
  const valid = verdicts.filter(({ isValid }) => isValid).length;
  const isRight = isWanted === valid > 0 && (!isMixed || valid < verdicts.length);
  return isRight ? undefined : { got: describeVerdicts(verdicts), want: isWanted ? 'accepted' : 'rejected' };
}

function trustOf(folder: string, corpus: string): Trust {
  const keys = globSync('*.pub', { cwd: folder })
    .sort()
    .map((name) => ({ name, key: createPublicKey(readFileSync(join(folder, name))) }));
  const isLog = ({ name }: { readonly name: string }): boolean => name.startsWith('rekor');
  const root = join(corpus, 'image', 'signatures', 'sigstore-bundles', 'public-good-trusted_root.json');
  return {
    ...emptyTrust,
    keys: keys.filter((key) => !isLog(key)),
    logKeys: keys.filter(isLog),
    ...(existsSync(root) ? { trustedRoot: JSON.parse(readFileSync(root, 'utf8')) as unknown } : {}),
    identity: { pattern: anybody(), text: 'anybody' },
  };
}

function anybody(): NonNullable<Trust['identity']>['pattern'] {
  const pattern = compileForeignPattern('.');
  if ('fault' in pattern) throw new Error(pattern.fault);
  return pattern;
}

/** The parts of one keyless signature that stand alone in the folder: payload, signature, and the log's promise with the certificate. */
async function keylessCase(folder: string, trust: Trust): Promise<{ name: string; fault?: Fault } | undefined> {
  const [payload, signature, set] = ['payload', 'sig', 'set'].map((part) => {
    const path = join(folder, `rekor-${part}`);
    return existsSync(path) ? readFileSync(path) : undefined;
  });
  if (payload === undefined || signature === undefined || set === undefined) return undefined;
  const bundle = set.toString().trim();
  const attachment: Attachment = {
    at: 'rekor-sig',
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    annotations: {
      'dev.cosignproject.cosign/signature': signature.toString().trim(),
      'dev.sigstore.cosign/certificate': certificateIn(bundle),
      'dev.sigstore.cosign/bundle': bundle,
    },
    bytes: payload,
  };
  const { critical } = JSON.parse(payload.toString()) as {
    critical: { image: { 'docker-manifest-digest': string } };
  };
  const subject = { digest: critical.image['docker-manifest-digest'] };
  const verdicts = await signatureSchemes.cosign.verify({ subject, attachments: [attachment], trust });
  const other = { digest: `sha256:${createHash('sha256').update('').digest('hex')}` };
  const others = await signatureSchemes.cosign.verify({ subject: other, attachments: [attachment], trust });
  const name = 'rekor-payload, rekor-sig, rekor-set: keyless';
  if (verdicts.every(({ isValid }) => !isValid)) {
    return { name, fault: { got: describeVerdicts(verdicts), want: 'accepted' } };
  }
  if (others.some(({ isValid }) => isValid)) {
    return { name, fault: { got: 'accepted', want: 'rejected for another digest' } };
  }
  return { name };
}

function certificateIn(set: string): string {
  const { Payload: entry } = JSON.parse(set) as { Payload: { body: string } };
  const body = JSON.parse(Buffer.from(entry.body, 'base64').toString()) as {
    spec: { signature: { publicKey: { content: string } } };
  };
  return new X509Certificate(Buffer.from(body.spec.signature.publicKey.content, 'base64')).toString();
}
