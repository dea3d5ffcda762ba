/** Bytes that are looked at together. */
const size = 1 << 14;
/** Longest literal that is looked for in them: parts of a longer text overlap by as much. */
const longestInBytes = 16;

/** The same memory as bytes and as words of four, in the machine's order. */
export interface LowBytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

const memory = new ArrayBuffer(size);
const buffer = Buffer.from(memory);
const lowBytes: LowBytes = { bytes: buffer, words: new Int32Array(memory) };

/** Takes bytes of a text, `length` of them. */
export type ByteScan = (low: LowBytes, length: number) => void;

/**
 * The low bytes of a text's code units, much faster to go through than the text. ASCII stands in them as it is; other letters may look like
 * ASCII. The bytes are only good until the next call.
 */
export function scanLowBytes(text: string, scan: ByteScan): void {
  if (text.length <= size) {
    buffer.write(text, 0, 'latin1');
    scan(lowBytes, text.length);
    return;
  }
  const step = size - longestInBytes;
  for (let offset = 0; offset + longestInBytes < text.length; offset += step) {
    scan(lowBytes, buffer.write(text.slice(offset, offset + size), 0, 'latin1'));
  }
}
