import { X509Certificate, constants, verify, type KeyObject } from 'node:crypto';
import { microsPerSecond, parseIsoMicros, type Micros } from '../../../../base/time.ts';

/** What both forms of envelope hold (Notary Project, signature-specification.md). */
export interface Envelope {
  readonly form: 'JWS' | 'COSE';
  readonly algorithm: Algorithm;
  /** What the signature is over. */
  readonly signedBytes: Buffer;
  readonly signature: Buffer;
  readonly payload: Buffer;
  readonly signingScheme: 'notary.x509' | 'notary.x509.signingAuthority';
  /** What the signer says; trusted only of a signing authority. */
  readonly signingTime?: Micros;
  readonly expiry?: Micros;
  /** Leaf first. */
  readonly chain: readonly X509Certificate[];
  /** RFC 3161 token over the signature. */
  readonly timestamp?: Buffer;
}

/** Names of the algorithms in JWS, and what they ask of the key. */
export const algorithms = {
  PS256: { hash: 'sha256', type: 'rsa', bits: 2048 },
  PS384: { hash: 'sha384', type: 'rsa', bits: 3072 },
  PS512: { hash: 'sha512', type: 'rsa', bits: 4096 },
  ES256: { hash: 'sha256', type: 'ec', curve: 'prime256v1' },
  ES384: { hash: 'sha384', type: 'ec', curve: 'secp384r1' },
  ES512: { hash: 'sha512', type: 'ec', curve: 'secp521r1' },
} as const;
export type Algorithm = keyof typeof algorithms;

export const payloadType = 'application/vnd.cncf.notary.payload.v1+json';
export const headers = {
  signingScheme: 'io.cncf.notary.signingScheme',
  signingTime: 'io.cncf.notary.signingTime',
  authenticSigningTime: 'io.cncf.notary.authenticSigningTime',
  expiry: 'io.cncf.notary.expiry',
  timestamp: 'io.cncf.notary.timestampSignature',
} as const;

/** Certificates of a chain; the deepest in use have 5. */
const maxChain = 10;
const maxCertificateBytes = 2 ** 16;

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name);
}

/** Reads the headers that both forms share; a text says what is wrong. `critical`: names that must be understood. */
export function readHeaders(
  value: (name: string) => unknown,
  critical: readonly unknown[],
): Pick<Envelope, 'signingScheme' | 'signingTime' | 'expiry'> | string {
  const signingScheme = value(headers.signingScheme);
  if (signingScheme !== 'notary.x509' && signingScheme !== 'notary.x509.signingAuthority') {
    return `the signing scheme ${JSON.stringify(signingScheme)} is not known`;
  }
  const isAuthority = signingScheme === 'notary.x509.signingAuthority';
  const timeName = isAuthority ? headers.authenticSigningTime : headers.signingTime;
  const [expiryValue, timeValue] = [value(headers.expiry), value(timeName)];
  const wanted = [
    headers.signingScheme,
    ...(isAuthority ? [headers.authenticSigningTime] : []),
    ...(expiryValue === undefined ? [] : [headers.expiry]),
  ];
  const unknown = critical.find((name) => !wanted.includes(name as (typeof wanted)[number]));
  if (unknown !== undefined) return `the critical header ${JSON.stringify(unknown)} is not understood`;
  const missing = wanted.find((name) => !critical.includes(name));
  if (missing !== undefined) return `${missing} is not marked as critical`;
  const [expiry, signingTime] = [timeOf(expiryValue), timeOf(timeValue)];
  if (expiryValue !== undefined && expiry === undefined) return 'the expiry is no time';
  if (signingTime === undefined) return 'there is no time of signing';
  return { signingScheme, signingTime, ...(expiry === undefined ? {} : { expiry }) };
}

/** Seconds since 1970 (COSE) or RFC 3339 text (JWS). */
function timeOf(value: unknown): Micros | undefined {
  if (typeof value === 'number') return value * microsPerSecond;
  return typeof value === 'string' ? parseIsoMicros(value) : undefined;
}

/** Certificates in DER; a text says what is wrong. */
export function readChain(ders: readonly (Buffer | undefined)[]): readonly X509Certificate[] | string {
  if (ders.length === 0) return 'there is no certificate chain';
  if (ders.length > maxChain) return `the chain has more than ${maxChain} certificates`;
  const chain: X509Certificate[] = [];
  for (const der of ders) {
    if (der === undefined || der.length > maxCertificateBytes) return 'a certificate of the chain is none';
    try {
      const certificate = new X509Certificate(der);
      // A certificate whose key cannot be read is found out only when it is asked for.
      if (certificate.publicKey.asymmetricKeyType === undefined) return 'a certificate of the chain is none';
      chain.push(certificate);
    } catch {
      return 'a certificate of the chain is none';
    }
  }
  return chain;
}

/** Whether the signature holds under the key of the leaf, which must be of the kind and size that the algorithm asks for. */
export function signatureHolds({ algorithm, signedBytes, signature, chain }: Envelope): boolean {
  const key = chain[0]?.publicKey;
  if (key === undefined || !fitsKey(algorithm, key)) return false;
  const { hash, type } = algorithms[algorithm];
  const options =
    type === 'rsa'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : ({ key, dsaEncoding: 'ieee-p1363' } as const);
  try {
    return verify(hash, signedBytes, options, signature);
  } catch {
    return false;
  }
}

function fitsKey(algorithm: Algorithm, key: KeyObject): boolean {
  const wanted = algorithms[algorithm];
  if (key.asymmetricKeyType !== wanted.type) return false;
  return wanted.type === 'rsa'
    ? key.asymmetricKeyDetails?.modulusLength === wanted.bits
    : key.asymmetricKeyDetails?.namedCurve === wanted.curve;
}
