/** Bytes that are looked at together. */
const size = 1 << 14;
/** Longest literal that is looked for in them: parts of a longer text overlap by as much. */
const longestInBytes = 16;

const buffer = Buffer.allocUnsafe(size);

/** Takes bytes from a text: `length` of them, of the code units from `offset` on. */
export type ByteScan = (bytes: Uint8Array, length: number, text: string, offset: number) => void;

/**
 * The low bytes of a text's code units, much faster to go through than the text. ASCII stands in them as it is; other letters may look like
 * ASCII. The bytes are only good until the next call.
 */
export function scanLowBytes(text: string, scan: ByteScan): void {
  if (text.length <= size) {
    buffer.write(text, 0, 'latin1');
    scan(buffer, text.length, text, 0);
    return;
  }
  const step = size - longestInBytes;
  for (let offset = 0; offset + longestInBytes < text.length; offset += step) {
    const length = buffer.write(text.slice(offset, offset + size), 0, 'latin1');
    scan(buffer, length, text, offset);
  }
}
