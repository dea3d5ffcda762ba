import { X509Certificate, constants, createHash, verify } from 'node:crypto';
import type { ASN1Obj } from '@sigstore/core';
import { microsPerSecond, parseIsoMicros, type Micros } from '../../../../base/time.ts';
import { chainFault, isIssuedBy, outsideValidity } from './certificate-chain.ts';

/** When something existed at the latest: the stamp's time, and how far the truth may be from it. */
export interface StampedTime {
  readonly time: Micros;
  readonly accuracy: Micros;
  readonly authority: string;
}

const maxTokenBytes = 2 ** 17;
/** Certificates in a token, and in the path to a trusted one. */
const maxCertificates = 16;
const oid = {
  signedData: '1.2.840.113549.1.7.2',
  stampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificate2: '1.2.840.113549.1.9.16.2.47',
} as const;
const hashes: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
const rsaPss = '1.2.840.113549.1.1.10';

/**
 * Verifies an RFC 3161 token over `data` against trusted certificates of time-stamping authorities: imprint, signed attributes, the
 * signer's certificate and its path. A text says what fails. The library's own reader knows ECDSA alone, and most authorities use RSA.
 */
export async function verifyTimeStamp(
  token: Buffer,
  data: Buffer,
  trusted: readonly X509Certificate[],
): Promise<StampedTime | string> {
  if (token.length > maxTokenBytes) return `the time stamp is over ${maxTokenBytes} bytes`;
  const { ASN1Obj: Asn1 } = await import('@sigstore/core');
  // A copy, because the reader wants a buffer of its own.
  const parse = (bytes: Buffer): ASN1Obj => Asn1.parseBuffer(Buffer.from(bytes));
  try {
    return await judgeToken(parse(token), data, trusted, parse);
  } catch {
    // Parts that are not where the structure wants them show as failing accesses.
    return 'the time stamp is malformed';
  }
}

type Parse = (bytes: Buffer) => ASN1Obj;

async function judgeToken(
  token: ASN1Obj,
  data: Buffer,
  trusted: readonly X509Certificate[],
  parse: Parse,
): Promise<StampedTime | string> {
  const signedData = part(part(token, 1), 0);
  const content = part(signedData, 2);
  if (part(token, 0).toOID() !== oid.signedData || part(content, 0).toOID() !== oid.stampInfo) {
    return 'the time stamp is of another type';
  }
  const infoBytes = part(part(content, 1), 0).value;
  const info = parse(infoBytes);
  const imprint = part(info, 2);
  const hash = hashes.get(part(part(imprint, 0), 0).toOID());
  if (hash === undefined) return 'the time stamp uses a hash that is not allowed';
  if (!digestOf(hash, data).equals(part(imprint, 1).value)) return 'the time stamp is over something else';
  const signers = part(signedData, signedData.subs.length - 1);
  if (signers.subs.length !== 1) return 'the time stamp has not one signer';
  const signer = part(signers, 0);
  const certificates = certificatesOf(signedData);
  const attributes = signer.subs.find(({ tag }) => tag.isContextSpecific(0));
  if (attributes === undefined) return 'the time stamp signs no attributes';
  const leaf = certificates.find((one) => namesCertificate(attributes, one));
  if (leaf === undefined) return 'the certificate of the time stamp is not in it';
  if (!isNamedBy(leaf, part(signer, 1), parse)) return 'the time stamp names two certificates';
  const fault = signatureFault(signer, attributes, infoBytes, leaf);
  if (fault !== undefined) return fault;
  const [time, accuracy] = timeOf(info);
  if (time === undefined) return 'the time stamp has no time';
  const pathFault = await judgePath(leaf, certificates, trusted, time);
  return pathFault ?? { time, accuracy, authority: leaf.subject.replaceAll('\n', ', ') };
}

/** Why the signed attributes or the signature over them do not hold. */
function signatureFault(signer: ASN1Obj, attributes: ASN1Obj, info: Buffer, leaf: X509Certificate): string | undefined {
  const hash = hashes.get(part(part(signer, 2), 0).toOID());
  if (hash === undefined) return 'the time stamp uses a hash that is not allowed';
  if (attribute(attributes, oid.contentType)?.toOID() !== oid.stampInfo) return 'the time stamp signs another type';
  const digest = attribute(attributes, oid.messageDigest)?.value;
  if (digest?.equals(digestOf(hash, info)) !== true) return 'the digest in the time stamp does not match';
  // The signature is over the attributes as a SET, and not with the implicit tag that they have in the token.
  const signed = withHead(0x31, attributes.value);
  const algorithm = part(signer, 4);
  const signature = part(signer, 5).value;
  const isPss = part(algorithm, 0).toOID() === rsaPss;
  const key = isPss
    ? { key: leaf.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : leaf.publicKey;
  return verify(hash, signed, key, signature) ? undefined : 'the signature of the time stamp does not hold';
}

/** ESSCertID (SHA-1, RFC 2634) or ESSCertIDv2 (RFC 5816): the certificate is part of what was signed. */
function namesCertificate(attributes: ASN1Obj, leaf: X509Certificate): boolean {
  const [first, second] = [oid.signingCertificate, oid.signingCertificate2].map((type) => attribute(attributes, type));
  if (second !== undefined) {
    const id = part(part(second, 0), 0);
    const algorithm = id.subs.length > 1 && part(id, 0).subs.length > 0 ? part(part(id, 0), 0).toOID() : undefined;
    const hash = algorithm === undefined ? 'sha256' : hashes.get(algorithm);
    const digest = algorithm === undefined ? part(id, 0) : part(id, 1);
    return hash !== undefined && digestOf(hash, leaf.raw).equals(digest.value);
  }
  return first !== undefined && digestOf('sha1', leaf.raw).equals(part(part(part(first, 0), 0), 0).value);
}

/** Why no path leads from the signer to a trusted certificate at that time. */
async function judgePath(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  time: Micros,
): Promise<string | undefined> {
  const path = [leaf];
  for (let last = leaf; path.length <= maxCertificates && !trusted.some(({ raw }) => raw.equals(last.raw));) {
    const pool = [...trusted, ...certificates];
    const issuer = pool.find((one) => !path.some(({ raw }) => raw.equals(one.raw)) && isIssuedBy(last, one));
    if (issuer === undefined) return `nobody trusted vouches for ${leaf.subject.replaceAll('\n', ', ')}`;
    path.push(issuer);
    last = issuer;
  }
  const outside = outsideValidity(path, time);
  if (outside !== undefined) return `${outside.subject.replaceAll('\n', ', ')} was not valid when it stamped`;
  return chainFault(path, 'timeStamping');
}

function certificatesOf(signedData: ASN1Obj): X509Certificate[] {
  const set = signedData.subs.find(({ tag }) => tag.isContextSpecific(0));
  const found = (set?.subs ?? []).slice(0, maxCertificates);
  return found.map((certificate) => new X509Certificate(withHead(0x30, certificate.value)));
}

/** By issuer and serial number; a key identifier says no more than the signed attribute that already named the certificate. */
function isNamedBy(certificate: X509Certificate, id: ASN1Obj, parse: Parse): boolean {
  if (id.tag.isContextSpecific(0)) return true;
  const fields = part(parse(certificate.raw), 0);
  // The version is left out in certificates of version 1.
  const first = part(fields, 0).tag.isContextSpecific(0) ? 1 : 0;
  return part(fields, first).value.equals(part(id, 1).value) && part(fields, first + 2).value.equals(part(id, 0).value);
}

/** `genTime` and `accuracy` of TSTInfo (RFC 3161 section 2.4.2). */
function timeOf(info: ASN1Obj): [Micros | undefined, Micros] {
  const text = part(info, 4).value.toString('latin1');
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text);
  const [, year, month, day, hour, minute, second, fraction = ''] = digits ?? [];
  const time =
    digits === null ? undefined : parseIsoMicros(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
  const accuracy = info.subs.slice(5).find(({ tag }) => tag.toDER() === 0x30);
  const units: ReadonlyMap<number, number> = new Map([
    [0x02, microsPerSecond],
    [0x80, 1000],
    [0x81, 1],
  ]);
  const micros = (accuracy?.subs ?? []).reduce(
    (sum, { tag, value }) =>
      sum + (units.get(tag.toDER()) ?? 0) * (value.length <= 4 ? value.readUIntBE(0, value.length) : 0),
    0,
  );
  return [time, micros];
}

/** The value of a signed attribute that is there once. */
function attribute(attributes: ASN1Obj, type: string): ASN1Obj | undefined {
  const found = attributes.subs.filter((one) => part(one, 0).toOID() === type);
  return found.length === 1 && found[0] !== undefined ? part(part(found[0], 1), 0) : undefined;
}

function part(parent: ASN1Obj, index: number): ASN1Obj {
  const found = parent.subs[index];
  if (found === undefined) throw new RangeError('a part is missing');
  return found;
}

function digestOf(hash: string, data: Buffer): Buffer {
  return createHash(hash).update(data).digest();
}

/** DER of a constructed value from its content, untouched. */
function withHead(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = Math.ceil((32 - Math.clz32(length)) / 8);
  const head = Buffer.alloc(2 + size, tag);
  head[1] = 0x80 | size;
  head.writeUIntBE(length, 2, size);
  return Buffer.concat([head, content]);
}
