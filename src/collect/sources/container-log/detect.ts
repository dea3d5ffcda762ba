import { firstRecordKeys } from '../../json-keys.ts';
import type { Detection } from '../../source.ts';
import { criPrefix } from './cri.ts';

export type FormatId = 'docker' | 'cri';

const newline = 10;
const openBrace = 123;
/** Time, stream and tags are shorter. */
const prefixBytes = 160;
/** A file may begin inside a record, where it was cut. */
const maxLines = 4;
/** Bytes in which messages show what they are. */
const messageBytes = 8192;

const dockerKeys: ReadonlySet<string> = new Set(['log', 'stream', 'time', 'attrs']);

/**
 * Certain by the shape of the first records. Only likely when messages are JSON themselves or records have further keys,
 * so that a source goes first that reads what a container wrote rather than how it was kept.
 */
export function detect(_name: string, head: Uint8Array): Detection {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const first = firstRecord(bytes);
  if (first === undefined) return undefined;
  const records = bytes.subarray(first.start);
  return first.format === 'cri' ? detectCri(records) : detectDocker(records);
}

/** Format of a line by its beginning; undefined when it has neither. */
export function formatOfLine(bytes: Buffer, start: number, end: number): FormatId | undefined {
  if (bytes[start] === openBrace) return 'docker';
  return criPrefix.test(bytes.toString('latin1', start, Math.min(end, start + prefixBytes))) ? 'cri' : undefined;
}

function firstRecord(bytes: Buffer): { readonly format: FormatId; readonly start: number } | undefined {
  let start = 0;
  for (let line = 0; line < maxLines && start < bytes.length; line++) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const format = formatOfLine(bytes, start, end);
    if (format !== undefined) return { format, start };
    start = end + 1;
  }
  return undefined;
}

function detectCri(records: Buffer): Detection {
  const text = records.toString('latin1', 0, messageBytes);
  return / (?:stdout|stderr) [FP](?::\S{0,64})? \{/.test(text) ? 'likely' : 'certain';
}

function detectDocker(records: Buffer): Detection {
  const keys = firstRecordKeys(records).filter((set) => set.has('log') && set.has('stream') && set.has('time'));
  if (keys.length === 0 && !hasLongRecord(records)) return undefined;
  const isBare = keys.every((set) => set.isSubsetOf(dockerKeys));
  return isBare && !/"log"\s?:\s?"\{/.test(records.toString('latin1', 0, messageBytes)) ? 'certain' : 'likely';
}

/** A first record whose message is a long piece, so that its other keys stand far behind. Quotes in messages are escaped. */
function hasLongRecord(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 8) === '{"log":"' && bytes.includes('","stream":"std');
}
