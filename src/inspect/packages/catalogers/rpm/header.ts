import { decodeUtf8 } from '../../../../base/bytes.ts';
import { normalPath } from '../../../tree/tree.ts';
import type { OwnedFile } from '../../package.ts';

/** Tags of a header that are read (rpmtag.h). */
const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  vendor: 1011,
  license: 1014,
  architecture: 1022,
  oldFileNames: 1027,
  fileModes: 1030,
  fileDigests: 1035,
  fileFlags: 1037,
  sourceRpm: 1044,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  fileDigestAlgorithm: 5011,
  modularityLabel: 5096,
} as const;

export interface RpmHeader {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | undefined;
  readonly architecture: string | undefined;
  readonly license: string | undefined;
  readonly vendor: string | undefined;
  readonly sourceRpm: string | undefined;
  readonly modularityLabel: string | undefined;
  /** Seconds since 1970. */
  readonly installTime: number | undefined;
  readonly files: readonly OwnedFile[];
}

/** Bounds of rpm itself (header.c): entries of the index, bytes of the data. */
const maxEntries = 0xff_ff;
const maxDataBytes = 2 ** 28;

/** A header as a database stores it: counts, index and data, without magic. Undefined for what is none. */
export function parseHeader(blob: Buffer): RpmHeader | undefined {
  const store = openStore(blob);
  const name = store?.text(tags.name);
  const version = store?.text(tags.version);
  const release = store?.text(tags.release);
  if (store === undefined || name === undefined || version === undefined || release === undefined) return undefined;
  return {
    name,
    version,
    release,
    epoch: store.number(tags.epoch),
    architecture: store.text(tags.architecture),
    license: store.text(tags.license),
    vendor: store.text(tags.vendor),
    sourceRpm: store.text(tags.sourceRpm),
    modularityLabel: store.text(tags.modularityLabel),
    installTime: store.number(tags.installTime),
    files: filesOf(store),
  };
}

interface Store {
  text(tag: number): string | undefined;
  number(tag: number): number | undefined;
  texts(tag: number): string[];
  numbers(tag: number): number[];
}

/** Index entries are 16 bytes, big-endian: tag, type, offset into the data, count. */
function openStore(blob: Buffer): Store | undefined {
  if (blob.length < 8) return undefined;
  const count = blob.readUInt32BE(0);
  const dataBytes = blob.readUInt32BE(4);
  const start = 8 + count * 16;
  if (count > maxEntries || dataBytes > maxDataBytes || start + dataBytes > blob.length) return undefined;
  const data = blob.subarray(start, start + dataBytes);
  const places = new Map<number, number>();
  for (let at = 8; at < start; at += 16) places.set(blob.readUInt32BE(at), at);
  const texts = (tag: number, most: number): string[] => {
    const at = places.get(tag);
    return at === undefined ? [] : readTexts(data, blob.readUInt32BE(at + 8), Math.min(most, textCount(blob, at)));
  };
  const numbers = (tag: number): number[] => {
    const at = places.get(tag);
    if (at === undefined) return [];
    return readNumbers(data, blob.readUInt32BE(at + 4), blob.readUInt32BE(at + 8), blob.readUInt32BE(at + 12));
  };
  return {
    text: (tag) => texts(tag, 1)[0],
    number: (tag) => numbers(tag)[0],
    texts: (tag) => texts(tag, Number.POSITIVE_INFINITY),
    numbers,
  };
}

/** Types 6, 8 and 9 are texts (one, many, one for each language). */
function textCount(blob: Buffer, at: number): number {
  const type = blob.readUInt32BE(at + 4);
  if (type === 6) return 1;
  return type === 8 || type === 9 ? blob.readUInt32BE(at + 12) : 0;
}

function readTexts(data: Buffer, offset: number, count: number): string[] {
  const texts: string[] = [];
  let at = offset;
  while (texts.length < count && at < data.length) {
    const end = data.indexOf(0, at);
    if (end < 0) break;
    texts.push(decodeUtf8(data.subarray(at, end)));
    at = end + 1;
  }
  return texts;
}

/** Types 3 and 4: integers of 16 and 32 bits. Cut at the end of the data. */
function readNumbers(data: Buffer, type: number, offset: number, count: number): number[] {
  const width = type === 3 ? 2 : 4;
  if ((type !== 3 && type !== 4) || offset > data.length) return [];
  const possible = Math.min(count, Math.floor((data.length - offset) / width));
  const numbers: number[] = [];
  for (let at = offset; numbers.length < possible; at += width) {
    numbers.push(width === 2 ? data.readUInt16BE(at) : data.readUInt32BE(at));
  }
  return numbers;
}

/** Digest algorithms by their numbers in OpenPGP (RFC 4880, 9.4), as rpm writes them; none written is MD5. */
const algorithms = new Map([
  [1, 'md5'],
  [2, 'sha1'],
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
] as const);

const isConfigFlag = 1;
/** PATH_MAX of Linux. Folder and name are joined for each file, so one long folder must not be taken a million times. */
const maxPathLength = 4096;

/** Of hexadecimal digits. By hand: a host has a million of them. */
function isDigest(text: string): boolean {
  if (text.length < 32 || text.length > 128) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = code | 0x20;
    if (!((code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x66))) return false;
  }
  return true;
}

/** Everything that is no folder. */
function filesOf(store: Store): OwnedFile[] {
  const folders = store.texts(tags.dirNames);
  const indexes = store.numbers(tags.dirIndexes);
  const baseNames = store.texts(tags.baseNames);
  const paths =
    baseNames.length === 0
      ? store.texts(tags.oldFileNames)
      : baseNames.map((name, index) => `${folders[indexes[index] ?? -1] ?? ''}${name}`);
  const modes = store.numbers(tags.fileModes);
  const flags = store.numbers(tags.fileFlags);
  const digests = store.texts(tags.fileDigests);
  const algorithm = algorithms.get((store.number(tags.fileDigestAlgorithm) ?? 1) as 1);
  const files: OwnedFile[] = [];
  for (const [index, path] of paths.entries()) {
    const mode = modes[index] ?? 0;
    if ((mode & 0o170000) === 0o040000 || path.length > maxPathLength) continue;
    const hex = digests[index] ?? '';
    files.push({
      path: normalPath(path),
      mode: mode & 0o7777,
      ...(algorithm === undefined || !isDigest(hex) ? {} : { digest: { algorithm, hex } }),
      ...(((flags[index] ?? 0) & isConfigFlag) === 0 ? {} : { isConfig: true as const }),
    });
  }
  return files;
}
