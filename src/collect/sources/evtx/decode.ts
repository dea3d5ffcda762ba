import { ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { mapRecord } from '../../windows/map.ts';
import { readBlocks, type Block } from './blocks.ts';
import { chunkBytes, isChecksumRight, readChunk, startsAsChunk } from './chunk.ts';
import { fileHeaderBytes, readFileHeader } from './file-header.ts';

/** Space that was set aside and not used. */
const zeros = Buffer.alloc(chunkBytes);
/** A batch is handed over after the chunk that brings it to this many events, or characters; a chunk has some 100. */
const batchEvents = 1500;
const batchLength = 8 << 20;

/** Reads an event log chunk by chunk. Each chunk stands for itself: damage in one leaves the others readable. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new Decoder(context.start);
  for await (const block of readBlocks(content, context.start.byte)) {
    const isCut = block.bytes.length < (block.isHeader ? fileHeaderBytes : chunkBytes);
    if (isCut && context.growing) break;
    decoder.read(block);
    if (decoder.isFull) yield decoder.batch();
  }
  decoder.finish();
  yield decoder.batch();
}

class Decoder {
  readonly #problems = new ProblemList();
  #events: VakthundEvent[] = [];
  #length = 0;
  /** Records so far, damaged ones included. */
  #records: number;
  #byte: number;
  /** Offset up to which the header says that chunks are; behind it a log that is in use may have more. */
  #chunksEnd: number;
  #trailing = 0;

  constructor(start: Checkpoint) {
    this.#records = start.line;
    this.#byte = start.byte;
    this.#chunksEnd = start.state === undefined ? Number.POSITIVE_INFINITY : Number(start.state);
  }

  get isFull(): boolean {
    return this.#events.length >= batchEvents || this.#length >= batchLength;
  }

  read(block: Block): void {
    if (block.isHeader) this.#header(block);
    else if (startsAsChunk(block.bytes)) this.#chunk(block);
    else this.#noChunk(block);
    this.#byte = block.byte + block.bytes.length;
  }

  /** The content ends here. */
  finish(): void {
    const missing = this.#chunksEnd - this.#byte;
    if (Number.isFinite(missing) && missing > 0) {
      const message = `the file ends ${missing} bytes before the end that its header tells`;
      this.#problems.add({ code: 'truncated', at: { byte: this.#byte }, message });
    }
    if (this.#trailing > 0) {
      const message = `${this.#trailing} bytes behind the last chunk are no chunk of an event log; they were not read`;
      this.#problems.add({ code: 'partly-seen', at: { byte: this.#byte }, message });
    }
  }

  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    this.#length = 0;
    const state = Number.isFinite(this.#chunksEnd) ? { state: String(this.#chunksEnd) } : {};
    const checkpoint: Checkpoint = { byte: this.#byte, line: this.#records, ...state };
    return { events, problems: this.#problems.drain(), checkpoint };
  }

  #header({ bytes, byte }: Block): void {
    const header = readFileHeader(bytes);
    if (header === undefined) {
      const message = 'the file does not begin as an event log; chunks are looked for where they have to be';
      this.#problems.add({ code: 'bad-header', at: { byte }, message });
      return;
    }
    this.#chunksEnd = fileHeaderBytes + header.chunks * chunkBytes;
    if (!header.isChecksumRight && !header.isDirty) this.#wrongChecksum(byte, 'the header of the file');
  }

  #chunk({ bytes, byte }: Block): void {
    if (bytes.length === chunkBytes && !isChecksumRight(bytes)) this.#wrongChecksum(byte, `the chunk at byte ${byte}`);
    for (const entry of readChunk(bytes)) {
      if ('lost' in entry) {
        this.#problems.add({
          code: 'events-lost',
          at: { byte },
          message: `in the chunk at byte ${byte}, ${entry.lost}`,
        });
        return;
      }
      this.#records++;
      if ('record' in entry) {
        const event = mapRecord(entry.record, entry.written);
        event.evidence_at = this.#records;
        this.#events.push(event);
        this.#length += event.fields?.length ?? 0;
      } else {
        const code = entry.isLimit ? 'limit-reached' : 'bad-record';
        this.#problems.add({ code, at: { line: this.#records, byte: byte + entry.at }, message: entry.damage });
      }
    }
  }

  #noChunk({ bytes, byte }: Block): void {
    if (bytes.equals(zeros.subarray(0, bytes.length))) return;
    if (byte < this.#chunksEnd && Number.isFinite(this.#chunksEnd)) {
      const message = `no chunk begins at byte ${byte}, where one has to; ${bytes.length} bytes were not read`;
      this.#problems.add({ code: 'bad-record', at: { byte }, message });
    } else {
      this.#trailing += bytes.length;
    }
  }

  #wrongChecksum(byte: number, what: string): void {
    const message = `the checksum of ${what} is wrong: it was changed or damaged after it was written, and read as it is`;
    this.#problems.add({ code: 'checksum-mismatch', at: { byte }, message });
  }
}
