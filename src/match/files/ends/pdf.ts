import type { ContainerEnd } from './container-end.ts';

const mark = Buffer.from('%%EOF');
/** What may follow a mark: an update (ISO 32000-1, 7.5.6), a part of a file that is laid out for the web (annex F), a comment, or the end of an attached PDF. */
const more = /^[\s\0]*(?:\d{1,10}\s+\d{1,5}\s+obj\b|xref\b|startxref\b|endstream\b|%[\x20-\x7e]{0,200}[\r\n])/;
const maxLooked = 256;
/** Marks that are followed: a file could be made of them. */
const maxMarks = 100_000;

/** Byte after the mark `%%EOF` and its line end, behind which nothing of the document follows. */
export function findPdfEnd(bytes: Uint8Array): ContainerEnd {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let end: number | undefined;
  let at = data.indexOf(mark);
  for (let marks = 0; at >= 0 && marks < maxMarks; marks++) {
    end = at + mark.length;
    if (!more.test(data.toString('latin1', end, end + maxLooked))) break;
    at = data.indexOf(mark, end);
  }
  if (end === undefined) return { fault: 'it ends before its mark does' };
  if (at < 0) return { fault: 'parts of it follow the last mark' };
  while (end < data.length && (data[end] === 0x0d || data[end] === 0x0a)) end++;
  return { end };
}
