import { constants, sign, type KeyObject } from 'node:crypto';
import { sha256, type Signer } from './certificates.ts';
import { der, explicit, integer, octets, oid, sequence, set, time } from '../../../src/base/der-writer.ts';

export type CborInput =
  | number
  | string
  | Buffer
  | readonly CborInput[]
  | ReadonlyMap<number | string, CborInput>
  | { readonly tag: number; readonly value: CborInput };

/** Writes CBOR in its deterministic form. */
export function cbor(value: CborInput): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const parts = [...value].map(([key, member]) => Buffer.concat([cbor(key), cbor(member as CborInput)]));
    return Buffer.concat([head(5, value.size), ...parts]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([head(4, value.length), ...value.map((member) => cbor(member as CborInput))]);
  }
  const { tag, value: inner } = value as { tag: number; value: CborInput };
  return Buffer.concat([head(6, tag), cbor(inner)]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.of((major << 5) | argument);
  const width = [1, 2, 4].find((bytes) => argument < 2 ** (8 * bytes)) ?? 8;
  const bytes = Buffer.alloc(9);
  bytes[0] = (major << 5) | (24 + Math.log2(width));
  if (width === 8) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUIntBE(argument, 1, width);
  return bytes.subarray(0, 1 + width);
}

/** What an envelope says; times in whole seconds. */
export interface EnvelopeRequest {
  readonly payload: Buffer;
  readonly chain: readonly Signer[];
  readonly signingTime?: Date;
  readonly expiry?: Date;
  /** Further protected headers by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly critical?: readonly string[];
  /** Gives the time stamp over the signature. */
  readonly stamp?: (signature: Buffer) => Buffer;
}

const contentType = 'application/vnd.cncf.notary.payload.v1+json';
const scheme = 'io.cncf.notary.signingScheme';
const signingTimeName = 'io.cncf.notary.signingTime';
const expiryName = 'io.cncf.notary.expiry';
const stampName = 'io.cncf.notary.timestampSignature';

/** A JWS envelope signed with ES256, or PS256 for an RSA key. */
export function jwsEnvelope({
  payload,
  chain,
  signingTime,
  expiry,
  headers,
  critical,
  stamp,
}: EnvelopeRequest): Buffer {
  const [leaf] = chain;
  if (leaf === undefined) throw new Error('an envelope needs a signer');
  const isRsa = leaf.keys.privateKey.asymmetricKeyType === 'rsa';
  const header = {
    alg: isRsa ? 'PS256' : 'ES256',
    crit: critical ?? [scheme, ...(expiry === undefined ? [] : [expiryName])],
    cty: contentType,
    [scheme]: 'notary.x509',
    [signingTimeName]: (signingTime ?? new Date('2026-03-10T12:00:00Z')).toISOString(),
    ...(expiry === undefined ? {} : { [expiryName]: expiry.toISOString() }),
    ...headers,
  };
  const protectedText = Buffer.from(JSON.stringify(header)).toString('base64url');
  const payloadText = payload.toString('base64url');
  const signature = signRaw(Buffer.from(`${protectedText}.${payloadText}`), leaf.keys.privateKey);
  const unsigned = {
    x5c: chain.map(({ certificate }) => certificate.raw.toString('base64')),
    ...(stamp === undefined ? {} : { [stampName]: stamp(signature).toString('base64') }),
  };
  return Buffer.from(
    JSON.stringify({
      payload: payloadText,
      protected: protectedText,
      header: unsigned,
      signature: signature.toString('base64url'),
    }),
  );
}

/** The same in COSE. */
export function coseEnvelope({ payload, chain, signingTime, expiry, critical, stamp }: EnvelopeRequest): Buffer {
  const [leaf] = chain;
  if (leaf === undefined) throw new Error('an envelope needs a signer');
  const seconds = (date: Date): CborInput => ({ tag: 1, value: Math.floor(date.getTime() / 1000) });
  const members: [number | string, CborInput][] = [
    [1, leaf.keys.privateKey.asymmetricKeyType === 'rsa' ? -37 : -7],
    [2, critical ?? [scheme, ...(expiry === undefined ? [] : [expiryName])]],
    [3, contentType],
    [scheme, 'notary.x509'],
    [signingTimeName, seconds(signingTime ?? new Date('2026-03-10T12:00:00Z'))],
    ...(expiry === undefined ? [] : [[expiryName, seconds(expiry)] as [string, CborInput]]),
  ];
  const protectedBytes = cbor(new Map(members));
  const signature = signRaw(cbor(['Signature1', protectedBytes, Buffer.alloc(0), payload]), leaf.keys.privateKey);
  const certificates = chain.map(({ certificate }) => certificate.raw);
  const unsigned = new Map<number | string, CborInput>([
    [33, certificates.length === 1 ? (certificates[0] ?? '') : certificates],
    ...(stamp === undefined ? [] : [[stampName, stamp(signature)] as const]),
  ]);
  return cbor({ tag: 18, value: [protectedBytes, unsigned, payload, signature] });
}

function signRaw(bytes: Buffer, key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'rsa'
    ? sign('sha256', bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      })
    : sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
}

const sha256Id = '2.16.840.1.101.3.4.2.1';
const stampInfo = '1.2.840.113549.1.9.16.1.4';

/** An RFC 3161 token over `data`, signed by an authority with an EC key. */
export function timeStamp(data: Buffer, at: Date, authority: Signer, others: readonly Signer[] = []): Buffer {
  const sha256Algorithm = sequence(oid(sha256Id));
  const info = sequence(
    integer(1),
    oid('1.2.3.4'),
    sequence(sha256Algorithm, octets(sha256(data))),
    integer(99),
    time(at),
    sequence(integer(1)),
  );
  const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), set(value));
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(stampInfo)),
    attribute('1.2.840.113549.1.9.4', octets(sha256(info))),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(sha256(authority.certificate.raw)))))),
  ];
  const signature = sign('sha256', set(...attributes), authority.keys.privateKey);
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(authority.certificate.raw),
    sha256Algorithm,
    explicit(0, ...attributes),
    sequence(oid('1.2.840.10045.4.3.2')),
    octets(signature),
  );
  const certificates = [authority, ...others].map(({ certificate }) => certificate.raw);
  const signedData = sequence(
    integer(3),
    set(sha256Algorithm),
    sequence(oid(stampInfo), explicit(0, octets(info))),
    explicit(0, ...certificates),
    set(signerInfo),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), explicit(0, signedData));
}

/** Issuer and serial number, cut out of a certificate: the third and first fields after the version. */
function issuerAndSerial(certificate: Buffer): Buffer {
  const fields = children(content(children(content(certificate))[0] ?? Buffer.alloc(0)));
  return sequence(fields[3] ?? Buffer.alloc(0), fields[1] ?? Buffer.alloc(0));
}

function content(value: Buffer): Buffer {
  return value.subarray(headLength(value));
}

function headLength(value: Buffer): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function children(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    const head = headLength(rest);
    const length = head === 2 ? (rest[1] ?? 0) : rest.readUIntBE(2, head - 2);
    found.push(rest.subarray(0, head + length));
    at += head + length;
  }
  return found;
}

/** A value that holds itself so many times. */
export function nestedDer(depth: number): Buffer {
  let value = der(0x05);
  for (let level = 0; level < depth; level++) value = sequence(value);
  return value;
}
