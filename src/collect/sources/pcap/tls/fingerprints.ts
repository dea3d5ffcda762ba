import { createHash } from 'node:crypto';
import { asciiText, hexText } from '../wire/text.ts';
import type { ClientHello } from './client-hello.ts';
import { extensionType, isGrease } from './extensions.ts';
import type { ServerHello } from './server-hello.ts';

/** What is hashed for JA3: version, ciphers, extensions, groups and point formats in decimal, reserved values left out. */
function ja3Text(hello: ClientHello): string {
  const list = (values: readonly number[]): string => values.filter((value) => !isGrease(value)).join('-');
  const extensions = hello.extensions.map(({ type }) => type);
  const parts = [list(hello.cipherSuites), list(extensions), list(hello.groups), hello.pointFormats.join('-')];
  return `${hello.version},${parts.join(',')}`;
}

/** JA3 of a client (salesforce/ja3): MD5 of `ja3Text`. */
export function ja3(hello: ClientHello): string {
  return md5(ja3Text(hello));
}

/** JA3S of a server: MD5 of version, cipher and extensions in decimal. */
export function ja3s(hello: ServerHello): string {
  const extensions = hello.extensions.map(({ type }) => type).filter((type) => !isGrease(type));
  return md5(`${hello.version},${hello.cipherSuite},${extensions.join('-')}`);
}

export type HelloTransport = 'tcp' | 'quic' | 'dtls';

const transportLetters: Readonly<Record<HelloTransport, string>> = { tcp: 't', quic: 'q', dtls: 'd' };
const versionLetters: Readonly<Record<number, string>> = {
  0x0304: '13',
  0x0303: '12',
  0x0302: '11',
  0x0301: '10',
  0x0300: 's3',
  0x0002: 's2',
  0xfeff: 'd1',
  0xfefd: 'd2',
  0xfefc: 'd3',
};

/** JA4 of a TLS client (FoxIO, technical_details/JA4.md; the part under the BSD licence). */
export function ja4(hello: ClientHello, transport: HelloTransport): string {
  const ciphers = hello.cipherSuites.filter((suite) => !isGrease(suite));
  const types = hello.extensions.map(({ type }) => type).filter((type) => !isGrease(type));
  const hasName = types.includes(extensionType.serverName);
  const counts = twoDigits(ciphers.length) + twoDigits(types.length);
  const head = transportLetters[transport] + versionLetter(hello) + (hasName ? 'd' : 'i') + counts + alpnLetters(hello);
  const hashed = types.filter((type) => type !== extensionType.serverName && type !== extensionType.alpn);
  const algorithms = hello.signatureAlgorithms.filter((algorithm) => !isGrease(algorithm)).map(hex4);
  const extensionText = hashed.map(hex4).sort().join(',');
  const secondPart = algorithms.length === 0 ? extensionText : `${extensionText}_${algorithms.join(',')}`;
  return `${head}_${hash12(ciphers.map(hex4).sort().join(','))}_${hashed.length === 0 ? noHash : hash12(secondPart)}`;
}

function versionLetter(hello: ClientHello): string {
  const offered = hello.supportedVersions.filter((version) => !isGrease(version));
  const isDatagram = hello.version >= 0xfe00;
  // DTLS counts its versions downwards.
  const highest = isDatagram ? Math.min(...offered) : Math.max(...offered);
  return versionLetters[offered.length === 0 ? hello.version : highest] ?? '00';
}

/** First and last character of the first protocol; of its hexadecimal form where one of them is no letter or digit. */
function alpnLetters({ protocols }: ClientHello): string {
  const [first] = protocols;
  if (first === undefined || first.length === 0) return '00';
  const text = asciiText(first);
  const ends = text.charAt(0) + text.charAt(text.length - 1);
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const hex = hexText(first);
  return hex.charAt(0) + hex.charAt(hex.length - 1);
}

const noHash = '000000000000';

function hash12(text: string): string {
  return text === '' ? noHash : createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0');
}
