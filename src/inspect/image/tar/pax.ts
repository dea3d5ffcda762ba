import { secondsToMicros, type SparsePart, type TarMember } from './header.ts';

const xattrPrefix = 'SCHILY.xattr.';
const maxSparseParts = 100_000;

/** What the extended header of a member says (POSIX pax, "pax Header Block"), and what GNU tar says there of sparse files. */
export interface PaxFields {
  readonly texts: ReadonlyMap<string, string>;
  readonly xattrs: ReadonlyMap<string, Buffer> | undefined;
  readonly sparse: readonly SparsePart[] | undefined;
  /** Records that could not be read. */
  readonly isDamaged: boolean;
}

/** Records of the form `LENGTH KEY=VALUE\n`. What cannot be read ends the list; what came before it counts. */
export function parsePax(bytes: Buffer): PaxFields {
  const texts = new Map<string, string>();
  const xattrs = new Map<string, Buffer>();
  const numbers: number[] = [];
  let at = 0;
  let isDamaged = false;
  while (at < bytes.length) {
    const record = recordAt(bytes, at);
    if (record === undefined) {
      isDamaged = true;
      break;
    }
    const { key, value, end } = record;
    at = end;
    if (key.startsWith(xattrPrefix)) xattrs.set(key.slice(xattrPrefix.length), Buffer.from(value));
    else if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      numbers.push(Number(value.toString('latin1')));
    } else texts.set(key, value.toString('utf8'));
  }
  const map = texts.get('GNU.sparse.map');
  if (map !== undefined) numbers.push(...map.split(',', maxSparseParts * 2).map(Number));
  return { texts, xattrs: xattrs.size > 0 ? xattrs : undefined, sparse: partsOf(numbers), isDamaged };
}

function recordAt(bytes: Buffer, start: number): { key: string; value: Buffer; end: number } | undefined {
  const blank = bytes.indexOf(0x20, start);
  if (blank < 0 || blank - start > 10) return undefined;
  const end = start + Number(bytes.toString('latin1', start, blank));
  const equals = bytes.indexOf(0x3d, blank);
  if (!(end <= bytes.length) || equals < 0 || equals >= end - 1 || bytes[end - 1] !== 0x0a) return undefined;
  return { key: bytes.toString('utf8', blank + 1, equals), value: bytes.subarray(equals + 1, end - 1), end };
}

/** Pairs of offset and length, in order and without overlap; undefined when there are none. */
export function partsOf(numbers: readonly number[]): SparsePart[] | undefined {
  if (numbers.length < 2) return undefined;
  const parts: SparsePart[] = [];
  let end = 0;
  for (let at = 0; at + 1 < numbers.length && parts.length < maxSparseParts; at += 2) {
    const [offset = -1, length = -1] = numbers.slice(at, at + 2);
    if (!Number.isSafeInteger(offset + length) || offset < end || length < 0) break;
    parts.push({ offset, length });
    end = offset + length;
  }
  return parts;
}

/** Lets the extended header speak for the header of the member: names, sizes, owners and times that do not fit there. */
export function applyPax(member: TarMember, { texts, xattrs, sparse }: PaxFields): void {
  member.name = texts.get('GNU.sparse.name') ?? texts.get('path') ?? member.name;
  member.target = texts.get('linkpath') ?? member.target;
  member.storedSize = wholeNumber(texts.get('size')) ?? member.storedSize;
  member.uid = wholeNumber(texts.get('uid')) ?? member.uid;
  member.gid = wholeNumber(texts.get('gid')) ?? member.gid;
  const mtime = Number(texts.get('mtime') ?? Number.NaN);
  if (mtime >= 0) member.mtime = Math.floor(secondsToMicros(mtime));
  const realSize = wholeNumber(texts.get('GNU.sparse.realsize') ?? texts.get('GNU.sparse.size'));
  member.size = realSize ?? member.storedSize;
  if (texts.get('GNU.sparse.major') === '1') member.sparse = 'in-data';
  else if (realSize !== undefined) member.sparse = sparse ?? [];
  member.xattrs = xattrs;
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}
