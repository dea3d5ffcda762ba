import { VakthundError } from '../../../base/errors.ts';
import { blockBytes, type SparsePart } from '../tar/header.ts';
import { partsOf } from '../tar/pax.ts';
import type { DiskSection } from '../spool.ts';
import type { Entries } from './entries.ts';

/** The list of parts before the data of a sparse file may have a line for each of 100,000 parts. */
const maxMapBytes = 2 ** 22;

/** `length` bytes of a file from `offset` on, fewer at its end; holes are zeros. Throws when its data are not there. */
export function readEntry(
  entries: Entries,
  tars: readonly (DiskSection | undefined)[],
  entry: number,
  offset: number,
  length: number,
): Buffer {
  const tar = tars[entries.data(entry)];
  if (tar === undefined) throw new VakthundError('EVIDENCE_READ', 'its data were not kept');
  const wanted = Math.max(0, Math.min(length, entries.size(entry) - offset));
  const stored = entries.stored(entry);
  const start = entries.offset(entry);
  if (stored.sparse === undefined) {
    const buffer = Buffer.allocUnsafe(wanted);
    return complete(buffer, tar.fill(buffer, 0, wanted, start + offset));
  }
  if (stored.sparse !== 'in-data') return readSparse(tar, stored.sparse, start, offset, wanted);
  const { parts, dataStart } = readMap(tar, start, stored.bytes);
  entries.settleSparse(entry, parts, dataStart);
  return readSparse(tar, parts, dataStart, offset, wanted);
}

function complete(buffer: Buffer, filled: number): Buffer {
  if (filled < buffer.length) throw new VakthundError('EVIDENCE_READ', 'the layer ends before the file does');
  return buffer;
}

function readSparse(
  tar: DiskSection,
  parts: readonly SparsePart[],
  dataStart: number,
  offset: number,
  length: number,
): Buffer {
  const buffer = Buffer.alloc(length);
  let position = dataStart;
  for (const part of parts) {
    const from = Math.max(part.offset, offset);
    const end = Math.min(part.offset + part.length, offset + length);
    if (from < end) tar.fill(buffer, from - offset, end - from, position + from - part.offset);
    position += part.length;
  }
  return buffer;
}

/** GNU's PAX format 1.0: decimal lines, first how many parts there are, then offset and length of each; filled up to a block. */
function readMap(tar: DiskSection, start: number, storedBytes: number): { parts: SparsePart[]; dataStart: number } {
  const head = Buffer.allocUnsafe(Math.min(storedBytes, maxMapBytes));
  const text = head.toString('latin1', 0, tar.fill(head, 0, head.length, start));
  const first = text.indexOf('\n');
  const count = Number(text.slice(0, Math.max(first, 0)));
  const numbers: number[] = [];
  let at = first + 1;
  while (numbers.length < count * 2) {
    const end = text.indexOf('\n', at);
    if (end < 0) break;
    numbers.push(Number(text.slice(at, end)));
    at = end + 1;
  }
  return { parts: partsOf(numbers) ?? [], dataStart: start + Math.ceil(at / blockBytes) * blockBytes };
}
