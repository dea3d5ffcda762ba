import type { X509Certificate } from 'node:crypto';
import type { X509Certificate as ParsedCertificate } from '@sigstore/core';
import type { Micros } from '../../../../base/time.ts';

/** What the leaf of a chain may be used for, by extended key usage. */
export const purposes = {
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;
export type Purpose = keyof typeof purposes;

/** A certificate that may serve TLS, mail or everything must not sign code (Notary Project, certificate requirements). */
const forbiddenUsages: readonly string[] = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
];
const crlPoints = '2.5.29.31';

/**
 * Why certificates, leaf first, are no chain for the purpose; undefined when they are one. Validity in time is asked of
 * `outsideValidity`, and whether anybody trusts the chain is another matter. A chain that is no more than the leaf signs itself.
 */
export async function chainFault(chain: readonly X509Certificate[], purpose: Purpose): Promise<string | undefined> {
  const { X509Certificate: Parsed } = await import('@sigstore/core');
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? (index === 0 || isSelfIssued(certificate) ? certificate : undefined);
    const name = nameOf(certificate);
    if (issuer !== undefined && !isIssuedBy(certificate, issuer)) {
      return `${name} was not signed by the next of the chain`;
    }
    if (hasWeakKey(certificate)) return `the key of ${name} is too short, or of a kind that is not allowed`;
    const limits = readLimits(() => Parsed.parse(Buffer.from(certificate.raw)));
    if (limits === undefined) return `${name} cannot be read`;
    if (index === 0 && !limits.mayVerify) return 'the certificate is not for signatures';
    if (index > 0 && (!certificate.ca || !limits.mayCertify)) return `${name} may not sign certificates`;
    if (index > 0 && index - 1 > limits.maxBelow) return `${name} stands too far above the signer`;
  }
  const leaf = chain[0];
  return leaf === undefined ? 'it is empty' : usageFault(leaf, purpose);
}

/** The first certificate that is not valid at some moment of the range. */
export function outsideValidity(
  chain: readonly X509Certificate[],
  from: Micros,
  to: Micros = from,
): X509Certificate | undefined {
  return chain.find(
    ({ validFromDate, validToDate }) => validFromDate.getTime() * 1000 > from || validToDate.getTime() * 1000 < to,
  );
}

/** Whether some certificate names a place to ask whether it was revoked. */
export async function canBeRevoked(chain: readonly X509Certificate[]): Promise<boolean> {
  const { X509Certificate: Parsed } = await import('@sigstore/core');
  return chain.some(({ raw, infoAccess }) => {
    if (infoAccess?.includes('OCSP - ') === true) return true;
    try {
      return Parsed.parse(Buffer.from(raw)).extension(crlPoints) !== undefined;
    } catch {
      return true;
    }
  });
}

/** The subject on one line. */
export function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}

function isSelfIssued({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer;
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function usageFault({ keyUsage, ca }: X509Certificate, purpose: Purpose): string | undefined {
  // Node's types leave out that the list is undefined where the certificate has none.
  const usages = (keyUsage as readonly string[] | undefined) ?? [];
  if (ca) return 'the certificate of the signer is one of an authority';
  if (purpose === 'timeStamping') {
    return usages.length === 1 && usages[0] === purposes.timeStamping
      ? undefined
      : 'the certificate is not for time stamps alone';
  }
  if (usages.length > 0 && !usages.includes(purposes.codeSigning)) return 'the certificate is not for signing code';
  const forbidden = usages.find((usage) => forbiddenUsages.includes(usage));
  return forbidden === undefined ? undefined : `the certificate may be used for ${forbidden} too`;
}

function hasWeakKey({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'rsa' || type === 'rsa-pss') return (details?.modulusLength ?? 0) < 2048;
  return type !== 'ec' || !['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '');
}

interface Limits {
  readonly mayVerify: boolean;
  readonly mayCertify: boolean;
  /** Authorities that may stand between this one and the leaf. */
  readonly maxBelow: number;
}

/** What key usage and basic constraints say; undefined when the certificate cannot be read. */
function readLimits(parse: () => ParsedCertificate): Limits | undefined {
  try {
    const { extKeyUsage: usage, extBasicConstraints: constraints } = parse();
    return {
      mayVerify: usage?.digitalSignature ?? true,
      mayCertify: usage?.keyCertSign ?? false,
      maxBelow: Number(constraints?.pathLenConstraint ?? Number.POSITIVE_INFINITY),
    };
  } catch {
    return undefined;
  }
}
