import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';

const chunkBytes = 1 << 20;
const linesOfPiece = 4096;
/** Place of the digest among the fields of a line. */
const digestField = 12;

/**
 * Lines of a database while it is made. They lie one behind the other in bytes: as texts, the lines of a large machine would take four times the
 * memory.
 */
export class StateLines {
  readonly #chunks: Buffer[] = [];
  #used = chunkBytes;
  /** Of each line where it begins: number of the chunk times its size, and the place in it. */
  #starts = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** `line` is latin1, without an end. */
  add(line: string): void {
    if (this.#used + line.length > chunkBytes) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, line.length)));
      this.#used = 0;
    }
    if (this.#count === this.#starts.length) this.#grow();
    const chunk = this.#chunks.length - 1;
    this.#starts[this.#count] = chunk * chunkBytes + this.#used;
    this.#lengths[this.#count++] = line.length;
    this.#chunks[chunk]?.write(line, this.#used, 'latin1');
    // A line that is longer than a chunk has one of its own.
    this.#used = line.length > chunkBytes ? chunkBytes : this.#used + line.length;
  }

  /** Digests of contents that the lines name. */
  digests(): ReadonlySet<string> {
    const found = new Set<string>();
    for (let number = 0; number < this.#count; number++) {
      found.add(this.#line(number).split('\t')[digestField] ?? '');
    }
    return found;
  }

  /**
   * The lines in order, packed: the same states give the same bytes. `ownerOf` tells the last field of a line that has none yet, by its path.
   * They go through the packer in pieces: all of them together would take their memory a second time.
   */
  async encode(ownerOf: (path: string) => string): Promise<Buffer> {
    const packed: Buffer[] = [];
    const packer = Readable.from(this.#pieces(ownerOf)).pipe(createZstdCompress());
    for await (const piece of packer) packed.push(piece as Buffer);
    return Buffer.concat(packed);
  }

  *#pieces(ownerOf: (path: string) => string): Generator<Buffer> {
    const order = new Uint32Array(this.#count).map((_none, index) => index);
    order.sort((left, right) => this.#compare(left, right));
    let lines: string[] = [];
    for (const number of order) {
      const line = this.#line(number);
      const owner = line.endsWith('\t') ? ownerOf(line.slice(0, line.indexOf('\t'))) : '';
      lines.push(`${line}${owner}\n`);
      if (lines.length < linesOfPiece) continue;
      yield Buffer.from(lines.join(''), 'latin1');
      lines = [];
    }
    yield Buffer.from(lines.join(''), 'latin1');
  }

  /** By bytes; nothing is allocated, because a sort compares millions of times. */
  #compare(left: number, right: number): number {
    const leftStart = this.#starts[left] ?? 0;
    const rightStart = this.#starts[right] ?? 0;
    const leftChunk = this.#chunks[Math.floor(leftStart / chunkBytes)];
    const rightChunk = this.#chunks[Math.floor(rightStart / chunkBytes)];
    if (leftChunk === undefined || rightChunk === undefined) return 0;
    const leftAt = leftStart % chunkBytes;
    const rightAt = rightStart % chunkBytes;
    const rightEnd = rightAt + (this.#lengths[right] ?? 0);
    return leftChunk.compare(rightChunk, rightAt, rightEnd, leftAt, leftAt + (this.#lengths[left] ?? 0));
  }

  #line(number: number): string {
    const start = this.#starts[number] ?? 0;
    const at = start % chunkBytes;
    return (
      this.#chunks[Math.floor(start / chunkBytes)]?.toString('latin1', at, at + (this.#lengths[number] ?? 0)) ?? ''
    );
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2);
    const lengths = new Uint32Array(this.#lengths.length * 2);
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    [this.#starts, this.#lengths] = [starts, lengths];
  }
}
