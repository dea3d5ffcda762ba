import type { Bundle } from '@sigstore/bundle';
import { messageOf } from '../../../../base/errors.ts';
import { judgeAnnotations } from '../_checks/annotations.ts';
import { CheckList } from '../_checks/checks.ts';
import { readJsonObject } from '../_checks/json.ts';
import { judgeBundle } from '../_sigstore/judge-bundle.ts';
import { judgeStatement, namesNone } from '../_sigstore/judge-statement.ts';
import {
  defineSignatureScheme,
  type Attachment,
  type SignatureVerdict,
  type SignedSubject,
  type Trust,
} from '../../signature-scheme.ts';

const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d+\+json|\+json;version=0\.\d+)$/;

export const scheme = defineSignatureScheme({
  id: 'sigstore',
  title: 'Sigstore bundle',
  description:
    'Sigstore bundles 0.1 to 0.3, as files and as referrers of an image (what cosign 3 writes): signatures over an artifact and attestations about it, with a key or keyless. Checked are the chain to the trusted root at the time of signing, the certificate log, the transparency log (promise, inclusion proof, that the entry is about this signature and this key), time stamps, the signature, identity and issuer, and that a statement is about this very digest. What an attestation says is not judged, and the log is not asked.',
  references: [
    'https://docs.sigstore.dev/about/bundle/',
    'https://github.com/sigstore/protobuf-specs',
    'https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md',
  ],
  guide: ['C11', 'C13'],
  trustedBy: '--key, or --trusted-root with --identity and --issuer',
  isTrusted: ({ keys, trustedRoot }) => keys.length > 0 || trustedRoot !== undefined,
  owns: ({ mediaType }) => bundleType.test(mediaType),
  async verify({ subject, attachments, trust }) {
    const verdicts: SignatureVerdict[] = [];
    for (const attachment of attachments) verdicts.push(await judge(attachment, subject, trust));
    return verdicts;
  },
});

async function judge({ at, bytes }: Attachment, subject: SignedSubject, trust: Trust): Promise<SignatureVerdict> {
  const checks = new CheckList();
  const bundle = await readBundle(bytes);
  if (typeof bundle === 'string') {
    checks.failed('format', bundle);
    return { scheme: 'sigstore', form: 'Sigstore bundle', at, isValid: false, checks: checks.list() };
  }
  checks.passed('format', bundle.mediaType);
  const { how, isValid, proven } = await judgeBundle(bundle, subject.bytes, trust, checks);
  const judged = { scheme: 'sigstore', at, ...proven };
  if (bundle.content.$case === 'dsseEnvelope') {
    const { type, isSignature } = judgeStatement(bundle.content.dsseEnvelope, subject, trust, checks);
    const form = `${isSignature ? 'signature' : 'attestation'} in a Sigstore bundle, ${how}: ${type}`;
    const attests = isSignature ? {} : { attests: type };
    return { ...judged, form, isValid: isValid(checks), ...attests, checks: checks.list() };
  }
  if (checks.stateOf('signature') === 'passed') {
    checks.passed('digest', `the signature is over the bytes of ${subject.digest}`);
  }
  if (trust.signedFor !== undefined) checks.failed('reference', namesNone(trust.signedFor));
  judgeAnnotations(undefined, trust, checks);
  return { ...judged, form: `Sigstore bundle, ${how}`, isValid: isValid(checks), checks: checks.list() };
}

/** A bundle out of hostile bytes; a text says why it is none. */
async function readBundle(bytes: Buffer): Promise<Bundle | string> {
  const json = readJsonObject(bytes);
  if (json === undefined) return 'the bundle is no JSON object';
  const { bundleFromJSON } = await import('@sigstore/bundle');
  try {
    return bundleFromJSON(json);
  } catch (error) {
    return messageOf(error);
  }
}
