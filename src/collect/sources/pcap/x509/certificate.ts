import type { Micros } from '../../../../base/time.ts';
import { formatIp } from '../../../../base/ip.ts';
import { hexText, ipv4Text, wireText } from '../wire/text.ts';
import {
  childrenOf,
  contentOf,
  derTag,
  objectIdentifierOf,
  readElement,
  type DerElement,
} from '../../../../base/der.ts';
import { commonNameOf, distinguishedName } from './distinguished-name.ts';
import { algorithmName } from './names.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';
import { readDerTime } from './time.ts';

export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly uris: readonly string[];
  readonly emails: readonly string[];
  readonly ips: readonly string[];
}

export interface BasicConstraints {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
}

export interface Certificate {
  /** 1 to 3. */
  readonly version: number;
  /** Hexadecimal in capitals, an even number of digits. */
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | undefined;
  readonly notBefore: Micros | undefined;
  readonly notAfter: Micros | undefined;
  readonly signatureAlgorithm: string;
  readonly publicKey: PublicKey;
  readonly alternativeNames: AlternativeNames | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
}

/**
 * What a certificate says (RFC 5280), with names as OpenSSL spells them. Read by hand, because captures hold certificates
 * that strict readers refuse, and those are the interesting ones. Undefined when the outer structure is damaged.
 */
export function readCertificate(bytes: Uint8Array): Certificate | undefined {
  const outer = readElement(bytes, 0, bytes.length);
  const body = outer === undefined ? undefined : childrenOf(bytes, outer, 3)[0];
  if (body?.tag !== derTag.sequence) return undefined;
  const parts = childrenOf(bytes, body);
  const hasVersion = parts[0]?.tag === 0xa0;
  const [serial, signature, issuer, validity, subject, keyInfo] = hasVersion ? parts.slice(1) : parts;
  if (serial === undefined || signature === undefined || issuer === undefined || validity === undefined) {
    return undefined;
  }
  if (subject === undefined || keyInfo === undefined) return undefined;
  const [notBefore, notAfter] = childrenOf(bytes, validity, 2);
  const [algorithm] = childrenOf(bytes, signature, 1);
  const extensions = readExtensions(bytes, parts);
  return {
    version: hasVersion ? versionIn(bytes, parts[0]) : 1,
    serial: serialText(contentOf(bytes, serial)),
    subject: distinguishedName(bytes, subject),
    issuer: distinguishedName(bytes, issuer),
    commonName: commonNameOf(bytes, subject),
    notBefore: notBefore === undefined ? undefined : readDerTime(bytes, notBefore),
    notAfter: notAfter === undefined ? undefined : readDerTime(bytes, notAfter),
    signatureAlgorithm: algorithmName((algorithm && objectIdentifierOf(bytes, algorithm)) ?? 'unknown'),
    publicKey: readPublicKey(bytes, keyInfo),
    ...extensions,
  };
}

function versionIn(bytes: Uint8Array, wrapper: DerElement | undefined): number {
  const number = wrapper === undefined ? undefined : childrenOf(bytes, wrapper, 1)[0];
  return number === undefined ? 1 : (contentOf(bytes, number)[0] ?? 0) + 1;
}

/** The number without leading zero bytes; a minus sign for what the high bit makes negative. */
function serialText(content: Uint8Array): string {
  let start = 0;
  while (start < content.length - 1 && content[start] === 0) start++;
  const isNegative = start === 0 && ((content[0] ?? 0) & 0x80) !== 0;
  if (!isNegative) return hexText(content.subarray(start)).toUpperCase();
  const value = (1n << BigInt(content.length * 8)) - BigInt(`0x${hexText(content)}`);
  const digits = value.toString(16).toUpperCase();
  return `-${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

type Extensions = Pick<Certificate, 'alternativeNames' | 'basicConstraints'>;

function readExtensions(bytes: Uint8Array, parts: readonly DerElement[]): Extensions {
  const wrapper = parts.find(({ tag }) => tag === 0xa3);
  const list = wrapper === undefined ? undefined : childrenOf(bytes, wrapper, 1)[0];
  let alternativeNames: AlternativeNames | undefined;
  let basicConstraints: BasicConstraints | undefined;
  for (const extension of list === undefined ? [] : childrenOf(bytes, list, 100)) {
    const [type, ...rest] = childrenOf(bytes, extension, 3);
    const value = rest.at(-1);
    if (type === undefined || value?.tag !== derTag.octetString) continue;
    const inner = readElement(bytes, value.contentStart, value.end);
    if (inner === undefined) continue;
    const oid = objectIdentifierOf(bytes, type);
    if (oid === '2.5.29.17') alternativeNames = readAlternativeNames(bytes, inner);
    else if (oid === '2.5.29.19') basicConstraints = readBasicConstraints(bytes, inner);
  }
  return { alternativeNames, basicConstraints };
}

function readBasicConstraints(bytes: Uint8Array, sequence: DerElement): BasicConstraints {
  const parts = childrenOf(bytes, sequence, 2);
  const flag = parts.find(({ tag }) => tag === derTag.boolean);
  const length = parts.find(({ tag }) => tag === derTag.integer);
  return {
    isCa: flag !== undefined && contentOf(bytes, flag)[0] !== 0,
    pathLength: length === undefined ? undefined : contentOf(bytes, length)[0],
  };
}

/** Names kept of one certificate: more than any real one has. */
const maxNames = 1000;

function readAlternativeNames(bytes: Uint8Array, sequence: DerElement): AlternativeNames {
  const names = { dns: [] as string[], uris: [] as string[], emails: [] as string[], ips: [] as string[] };
  for (const name of childrenOf(bytes, sequence, maxNames)) {
    const content = contentOf(bytes, name);
    if (name.tag === 0x82) names.dns.push(wireText(content));
    else if (name.tag === 0x86) names.uris.push(wireText(content));
    else if (name.tag === 0x81) names.emails.push(wireText(content));
    else if (name.tag === 0x87 && content.length === 4) names.ips.push(ipv4Text(content));
    else if (name.tag === 0x87 && content.length === 16) names.ips.push(formatIp(BigInt(`0x${hexText(content)}`)));
  }
  return names;
}

/**
 * The certificate covers the host name (RFC 6125): by one of its DNS names, or, where it has none, by its common name. A `*`
 * stands for one whole first label.
 */
export function coversHost({ alternativeNames, commonName }: Certificate, host: string): boolean {
  const dns = alternativeNames?.dns ?? [];
  const patterns = dns.length > 0 ? dns : [commonName ?? ''];
  const wanted = host.toLowerCase();
  return patterns.some((pattern) => matchesHost(pattern.toLowerCase(), wanted));
}

function matchesHost(pattern: string, host: string): boolean {
  if (pattern === host) return pattern !== '';
  if (!pattern.startsWith('*.')) return false;
  const dot = host.indexOf('.');
  return dot > 0 && pattern.indexOf('.', 2) > 0 && host.slice(dot) === pattern.slice(1);
}
