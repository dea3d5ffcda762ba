import { defineSignatureScheme, type SignatureVerdict } from '../../signature-scheme.ts';
import { judgeEnvelope } from './judge-envelope.ts';

const mediaTypes: readonly string[] = ['application/jose+json', 'application/cose'];
const artifactType = 'application/vnd.cncf.notary.signature';

export const scheme = defineSignatureScheme({
  id: 'notation',
  title: 'Notation (Notary Project)',
  description:
    'Signatures of the Notary Project as referrers of an image: JWS and COSE envelopes, judged by a trust policy (strict, permissive, audit, skip, overrides) with a trust store of certificates. Checked are the envelope and its critical headers, the signature, that the payload is this manifest, the chain and whether the trust store has a certificate of it, trusted identities, expiry, and the time: validity of the certificates now, or when a time-stamping authority of the policy says that it was signed. Whether certificates were revoked is told from what is given: lists and their deltas (`--crl`), and responses of OCSP (`--ocsp`, signed by the issuer or by a responder that it named), which must be in force; nothing goes out to ask, so a policy that enforces revocation refuses certificates that name a place to ask and that nothing given vouches for. Plug-ins are not run.',
  references: [
    'https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md',
    'https://github.com/notaryproject/specifications/blob/main/specs/trust-store-trust-policy.md',
    'https://www.rfc-editor.org/rfc/rfc9052',
    'https://www.rfc-editor.org/rfc/rfc3161',
    'https://www.rfc-editor.org/rfc/rfc5280',
    'https://www.rfc-editor.org/rfc/rfc6960',
  ],
  guide: ['C12', 'C13'],
  trustedBy: '--trust-policy with --trust-store',
  isTrusted: ({ trustPolicy }) => trustPolicy !== undefined,
  owns: ({ mediaType, artifactType: type }) => mediaTypes.includes(mediaType) || type === artifactType,
  async verify({ subject, attachments, trust }) {
    const verdicts: SignatureVerdict[] = [];
    for (const attachment of attachments) verdicts.push(await judgeEnvelope(attachment, subject, trust));
    return verdicts;
  },
});
