import { CheckList } from '../_checks/checks.ts';
import { judgeBundle } from '../_sigstore/judge-bundle.ts';
import { judgeStatement } from '../_sigstore/judge-statement.ts';
import {
  defineSignatureScheme,
  type Attachment,
  type SignatureVerdict,
  type SignedSubject,
  type Trust,
} from '../../signature-scheme.ts';
import { judgePayload } from './simple-signing.ts';
import { attestationBundle, simpleSigningBundle } from './to-bundle.ts';

const signatureType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const attestationType = 'application/vnd.dsse.envelope.v1+json';

export const scheme = defineSignatureScheme({
  id: 'cosign',
  title: 'cosign signature and attestation',
  description:
    'What cosign 1 and 2 put beside an image: `.sig` tags with simple signing payloads, `.att` tags with DSSE envelopes, with a key or keyless, with the promise of the transparency log and time stamps in annotations. Several signatures are judged one by one. Checked are the payload (type, digest of the manifest, repository) and all that a Sigstore bundle is checked for. Attestations that were logged as `intoto` 0.0.1 (cosign 1) are refused: their log entry does not hold the signature.',
  references: [
    'https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md',
    'https://github.com/sigstore/cosign/blob/main/specs/ATTESTATION_SPEC.md',
    'https://github.com/containers/image/blob/main/docs/containers-signature.5.md',
  ],
  guide: ['C11', 'C13'],
  trustedBy: '--key, or --trusted-root with --identity and --issuer',
  isTrusted: ({ keys, trustedRoot }) => keys.length > 0 || trustedRoot !== undefined,
  owns: ({ mediaType }) => mediaType === signatureType || mediaType === attestationType,
  async verify({ subject, attachments, trust }) {
    const verdicts: SignatureVerdict[] = [];
    for (const attachment of attachments) verdicts.push(await judge(attachment, subject, trust));
    return verdicts;
  },
});

async function judge(attachment: Attachment, subject: SignedSubject, trust: Trust): Promise<SignatureVerdict> {
  const { at, bytes, annotations, mediaType } = attachment;
  const isAttestation = mediaType === attestationType;
  const what = isAttestation ? 'cosign attestation' : 'cosign signature';
  const checks = new CheckList();
  const bundle = await (isAttestation
    ? attestationBundle(bytes, annotations)
    : simpleSigningBundle(bytes, annotations));
  if (typeof bundle === 'string') {
    checks.failed('format', bundle);
    return { scheme: 'cosign', form: what, at, isValid: false, checks: checks.list() };
  }
  const { how, isValid, proven } = await judgeBundle(bundle, bytes, trust, checks);
  let form = `${what}, ${how}`;
  let attests: string | undefined;
  if (bundle.content.$case === 'dsseEnvelope') {
    checks.passed('format', 'DSSE envelope');
    const { type, isSignature } = judgeStatement(bundle.content.dsseEnvelope, subject, trust, checks);
    form = `${form}: ${type}`;
    if (!isSignature) attests = type;
  } else judgePayload(bytes, subject, trust, checks);
  return {
    scheme: 'cosign',
    form,
    at,
    isValid: isValid(checks),
    ...proven,
    ...(attests === undefined ? {} : { attests }),
    checks: checks.list(),
  };
}
