/** Longest distance of a copy (RFC 1951, 3.2.5). */
const windowBytes = 32_768;
/** The description of a dynamic block has less than this. */
const maxHeaderBytes = 512;

const lengthBase = new Uint16Array([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const lengthExtra = new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const distanceBase = new Uint16Array([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const distanceExtra = new Uint8Array([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * A canonical Huffman code. `fast` gives, for every value of the next nine bits, the symbol and its length (`symbol << 4 | length`; 0: longer, or
 * none). Longer codes are found bit by bit, so that an attacker cannot make tables dearer than the input that describes them.
 */
interface CodeTable {
  readonly fast: Uint16Array;
  /** Codes of each length. */
  readonly counts: Uint16Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

const maxCodeBits = 15;
const fastBits = 9;

function buildTable(lengths: Uint8Array, count: number): CodeTable {
  const counts = new Uint16Array(maxCodeBits + 1);
  for (let symbol = 0; symbol < count; symbol++) counts[lengths[symbol] ?? 0] = (counts[lengths[symbol] ?? 0] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(maxCodeBits + 2);
  const nextCodes = new Uint32Array(maxCodeBits + 2);
  for (let bits = 1; bits <= maxCodeBits; bits++) {
    offsets[bits + 1] = (offsets[bits] ?? 0) + (counts[bits] ?? 0);
    nextCodes[bits + 1] = ((nextCodes[bits] ?? 0) + (counts[bits] ?? 0)) << 1;
  }
  const fast = new Uint16Array(1 << fastBits);
  const symbols = new Uint16Array(count);
  for (let symbol = 0; symbol < count; symbol++) {
    const bits = lengths[symbol] ?? 0;
    if (bits === 0) continue;
    const offset = offsets[bits] ?? 0;
    symbols[offset] = symbol;
    offsets[bits] = offset + 1;
    const code = nextCodes[bits] ?? 0;
    nextCodes[bits] = code + 1;
    if (bits > fastBits || code >= 1 << bits) continue;
    for (let at = reverse(code, bits); at < fast.length; at += 1 << bits) fast[at] = (symbol << 4) | bits;
  }
  return { fast, counts, symbols };
}

function reverse(code: number, bits: number): number {
  let reversed = 0;
  for (let index = 0; index < bits; index++) reversed |= ((code >> index) & 1) << (bits - 1 - index);
  return reversed;
}

const emptyTable = buildTable(new Uint8Array(1), 1);

let fixedTables: { readonly literals: CodeTable; readonly distances: CodeTable } | undefined;

function fixed(): { readonly literals: CodeTable; readonly distances: CodeTable } {
  if (fixedTables === undefined) {
    const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
    fixedTables = { literals: buildTable(lengths, 288), distances: buildTable(new Uint8Array(30).fill(5), 30) };
  }
  return fixedTables;
}

type State = 'header' | 'stored' | 'codes' | 'done' | 'failed';

/**
 * Decompresses DEFLATE (RFC 1951) as the bytes come, in the thread that asks and with 70 KB of memory: bodies of captures arrive in pieces and
 * are often cut, and what is there is wanted at once. Output is handed over in pieces that are views, valid during the call.
 */
export class Inflate {
  readonly #onData: (bytes: Uint8Array) => void;
  readonly #out = new Uint8Array(2 * windowBytes);
  #outLength = 0;
  /** Output before this place was handed over. */
  #delivered = 0;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #bitCount = 0;
  #state: State = 'header';
  #isLast = false;
  #storedLeft = 0;
  #literals = emptyTable;
  #distances = emptyTable;

  constructor(onData: (bytes: Uint8Array) => void) {
    this.#onData = onData;
  }

  get isFailed(): boolean {
    return this.#state === 'failed';
  }

  data(bytes: Uint8Array): void {
    if (this.#state === 'done' || this.#state === 'failed') return;
    const rest = this.#input.length - this.#at;
    if (rest === 0) this.#input = bytes;
    else {
      const joined = new Uint8Array(rest + bytes.length);
      joined.set(this.#input.subarray(this.#at));
      joined.set(bytes, rest);
      this.#input = joined;
    }
    this.#at = 0;
    while (this.#step());
    this.#deliver();
    // What could not be used yet is kept in memory of its own.
    this.#input = new Uint8Array(this.#input.subarray(this.#at));
    this.#at = 0;
  }

  /** One block header, or as much of a block as there is input for; false when more input is needed or all is done. */
  #step(): boolean {
    switch (this.#state) {
      case 'header':
        return this.#blockHeader();
      case 'stored':
        return this.#stored();
      case 'codes':
        return this.#codes();
      case 'done':
      case 'failed':
        return false;
    }
  }

  #blockHeader(): boolean {
    const mark = { at: this.#at, bits: this.#bits, bitCount: this.#bitCount };
    const bits = this.#take(3);
    const isRead = bits >= 0 && this.#blockOf(bits >> 1);
    if (!isRead && this.#state !== 'failed') {
      if (this.#input.length - mark.at > maxHeaderBytes) this.#state = 'failed';
      this.#at = mark.at;
      this.#bits = mark.bits;
      this.#bitCount = mark.bitCount;
      return false;
    }
    this.#isLast = (bits & 1) === 1;
    return isRead;
  }

  /** False when input is missing, or after a failure. */
  #blockOf(type: number): boolean {
    if (type === 0) {
      const whole = this.#bitCount & 7;
      this.#bits >>>= whole;
      this.#bitCount -= whole;
      const length = this.#take(16);
      const inverse = length < 0 ? -1 : this.#take(16);
      if (inverse < 0) return false;
      if ((length ^ 0xffff) !== inverse) return this.#fail();
      this.#storedLeft = length;
      this.#state = 'stored';
      return true;
    }
    if (type === 1) {
      ({ literals: this.#literals, distances: this.#distances } = fixed());
      this.#state = 'codes';
      return true;
    }
    return type === 2 ? this.#dynamicTables() : this.#fail();
  }

  #dynamicTables(): boolean {
    const counts = this.#take(14);
    if (counts < 0) return false;
    const literalCount = (counts & 31) + 257;
    const distanceCount = ((counts >> 5) & 31) + 1;
    const codeLengths = new Uint8Array(19);
    for (let index = 0; index < (counts >> 10) + 4; index++) {
      const length = this.#take(3);
      if (length < 0) return false;
      codeLengths[codeOrder[index] ?? 0] = length;
    }
    const table = buildTable(codeLengths, 19);
    const lengths = new Uint8Array(320);
    for (let index = 0; index < literalCount + distanceCount;) {
      const symbol = this.#symbol(table);
      if (symbol < 0) return false;
      if (symbol < 16) {
        lengths[index++] = symbol;
        continue;
      }
      const repeated = symbol === 16 ? (lengths[index - 1] ?? 0) : 0;
      const more = this.#take(symbol === 18 ? 7 : symbol - 14);
      if (more < 0) return false;
      const end = index + more + (symbol === 18 ? 11 : 3);
      if (end > literalCount + distanceCount) return this.#fail();
      lengths.fill(repeated, index, end);
      index = end;
    }
    this.#literals = buildTable(lengths, literalCount);
    this.#distances = buildTable(lengths.subarray(literalCount), distanceCount);
    this.#state = 'codes';
    return true;
  }

  #stored(): boolean {
    while (this.#storedLeft > 0) {
      const byte = this.#take(8);
      if (byte < 0) return false;
      this.#write(byte);
      this.#storedLeft--;
    }
    this.#endBlock();
    return true;
  }

  #codes(): boolean {
    for (;;) {
      const at = this.#at;
      const bits = this.#bits;
      const bitCount = this.#bitCount;
      const symbol = this.#symbol(this.#literals);
      if (symbol >= 0 && symbol < 256) {
        this.#write(symbol);
        continue;
      }
      if (symbol === 256) {
        this.#endBlock();
        return true;
      }
      if (symbol < 0 || !this.#copy(symbol - 257)) {
        if (this.#state === 'failed') return false;
        this.#at = at;
        this.#bits = bits;
        this.#bitCount = bitCount;
        return false;
      }
    }
  }

  /** False when input is missing, or after a failure. */
  #copy(lengthCode: number): boolean {
    if (lengthCode > 28) return this.#fail();
    const extra = this.#take(lengthExtra[lengthCode] ?? 0);
    const distanceCode = extra < 0 ? -1 : this.#symbol(this.#distances);
    if (distanceCode < 0) return false;
    if (distanceCode > 29) return this.#fail();
    const distanceMore = this.#take(distanceExtra[distanceCode] ?? 0);
    if (distanceMore < 0) return false;
    const distance = (distanceBase[distanceCode] ?? 0) + distanceMore;
    if (distance > this.#outLength) return this.#fail();
    const length = (lengthBase[lengthCode] ?? 0) + extra;
    for (let index = 0; index < length; index++) this.#write(this.#out[this.#outLength - distance] ?? 0);
    return true;
  }

  #endBlock(): void {
    this.#state = this.#isLast ? 'done' : 'header';
  }

  #fail(): false {
    this.#state = 'failed';
    return false;
  }

  /** The next symbol; -1 when input is missing, or after a failure. */
  #symbol(table: CodeTable): number {
    this.#fill(maxCodeBits);
    const entry = table.fast[this.#bits & ((1 << fastBits) - 1)] ?? 0;
    const length = entry & 15;
    if (length === 0) return this.#longSymbol(table);
    if (length > this.#bitCount) return -1;
    this.#bits >>>= length;
    this.#bitCount -= length;
    return entry >> 4;
  }

  /** The same bit by bit: codes of one length are consecutive numbers (RFC 1951, 3.2.2). */
  #longSymbol({ counts, symbols }: CodeTable): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= maxCodeBits; length++) {
      if (length > this.#bitCount) return -1;
      code |= (this.#bits >> (length - 1)) & 1;
      const count = counts[length] ?? 0;
      if (code - first < count) {
        this.#bits >>>= length;
        this.#bitCount -= length;
        return symbols[index + code - first] ?? 0;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    this.#fail();
    return -1;
  }

  /** The next bits as a number; -1 when there are fewer. */
  #take(count: number): number {
    if (count === 0) return 0;
    this.#fill(count);
    if (this.#bitCount < count) return -1;
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #fill(count: number): void {
    while (this.#bitCount < count && this.#at < this.#input.length) {
      this.#bits |= (this.#input[this.#at++] ?? 0) << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #write(byte: number): void {
    if (this.#outLength === this.#out.length) {
      this.#deliver();
      this.#out.copyWithin(0, windowBytes);
      this.#outLength = windowBytes;
      this.#delivered = windowBytes;
    }
    this.#out[this.#outLength++] = byte;
  }

  #deliver(): void {
    if (this.#delivered === this.#outLength) return;
    const bytes = this.#out.subarray(this.#delivered, this.#outLength);
    this.#delivered = this.#outLength;
    this.#onData(bytes);
  }
}
