import { createHash } from 'node:crypto';
import { digest } from './ids.ts';
import type { Rng } from './rng.ts';

/** What a TLS client says first, as far as fingerprints see it. Numbers are the IANA code points. */
export interface ClientHello {
  /** Version of the hello itself: 771 is TLS 1.2, also for TLS 1.3 clients. */
  readonly version: number;
  readonly maxVersion: 'tls12' | 'tls13';
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly alpn: readonly string[];
}

/** What the server chose, for JA3S. */
export interface ServerHello {
  readonly version: number;
  readonly cipher: number;
  readonly extensions: readonly number[];
}

const serverNameExtension = 0;
const alpnExtension = 16;

/** The string that JA3 hashes (github.com/salesforce/ja3). GREASE values are never part of a `ClientHello` here. */
export function ja3String(hello: ClientHello): string {
  const lists = [hello.ciphers, hello.extensions, hello.groups, hello.pointFormats];
  return [String(hello.version), ...lists.map((list) => list.join('-'))].join(',');
}

export function ja3sString(hello: ServerHello): string {
  return `${hello.version},${hello.cipher},${hello.extensions.join('-')}`;
}

export function ja3Hash(text: string): string {
  return digest('md5', text);
}

/** JA4 of a TLS client over TCP (github.com/FoxIO-LLC/ja4, the part under the BSD licence). */
export function ja4(hello: ClientHello): string {
  const hasName = hello.extensions.includes(serverNameExtension);
  const first = hello.alpn[0];
  const head = [
    't',
    hello.maxVersion === 'tls13' ? '13' : '12',
    hasName ? 'd' : 'i',
    twoDigits(hello.ciphers.length),
    twoDigits(hello.extensions.length),
    first === undefined ? '00' : `${first[0]}${first.at(-1)}`,
  ].join('');
  const ciphers = hello.ciphers.map(fourHex).sort();
  const extensions = hello.extensions.filter((id) => id !== serverNameExtension && id !== alpnExtension).map(fourHex);
  const tail = `${extensions.sort().join(',')}_${hello.signatureAlgorithms.map(fourHex).join(',')}`;
  return `${head}_${shortSha(ciphers.join(','))}_${shortSha(tail)}`;
}

/** The same hello with its extensions in another order, as current Chromium browsers send them. */
export function withShuffledExtensions(hello: ClientHello, rng: Rng): ClientHello {
  const extensions = [...hello.extensions];
  for (let index = extensions.length - 1; index > 0; index--) {
    const other = rng.integer(0, index);
    [extensions[index], extensions[other]] = [extensions[other] ?? 0, extensions[index] ?? 0];
  }
  return { ...hello, extensions };
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0');
}

function fourHex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function shortSha(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
