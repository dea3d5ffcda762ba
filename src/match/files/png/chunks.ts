/** A chunk of a PNG file (PNG specification, third edition, 5.3). */
export interface PngChunk {
  /** Four ASCII letters. */
  readonly type: string;
  /** Byte of the file at which its data begin. */
  readonly at: number;
  readonly length: number;
}

export interface PngChunks {
  readonly chunks: readonly PngChunk[];
  /** Byte after IEND; undefined when it was not reached. */
  readonly end: number | undefined;
  /** Why the walk stopped before IEND. */
  readonly fault?: string;
}

/** A picture of gigabytes in chunks of 8 KiB stays below it. */
const maxChunks = 65_536;
const signatureBytes = 8;

/** Walks over the chunks of a file that begins with PNG's signature. Checksums are not looked at: a wrong one hides nothing. */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: PngChunk[] = [];
  let at = signatureBytes;
  while (at + 12 <= data.length) {
    if (chunks.length === maxChunks) return { chunks, end: undefined, fault: `it has more than ${maxChunks} chunks` };
    const length = data.readUInt32BE(at);
    const type = data.toString('latin1', at + 4, at + 8);
    if (!/^[a-z]{4}$/i.test(type)) return { chunks, end: undefined, fault: `no chunk at byte ${at}` };
    if (at + 12 + length > data.length) break;
    chunks.push({ type, at: at + 8, length });
    at += 12 + length;
    if (type === 'IEND') return { chunks, end: at };
  }
  return { chunks, end: undefined, fault: 'it ends before its IEND chunk' };
}
