const low = new Int32Array(256);
const high = new Int32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let lo = byte;
  let hi = 0;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (lo & 1) === 1;
    lo = (lo >>> 1) | (hi << 31);
    hi >>>= 1;
    // The polynomial of ISO 3309, reflected: its lower half is zero.
    if (isOdd) hi ^= 0xd800_0000;
  }
  low[byte] = lo;
  high[byte] = hi;
}

/** CRC-64 of ISO 3309 as Go's hash/crc64 has it, over chunks; eight bytes, the highest first. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let lo = this.#low;
    let hi = this.#high;
    for (let at = 0; at < bytes.length; at++) {
      const index = (lo ^ (bytes[at] as number)) & 0xff;
      lo = ((lo >>> 8) | (hi << 24)) ^ (low[index] as number);
      hi = (hi >>> 8) ^ (high[index] as number);
    }
    this.#low = lo;
    this.#high = hi;
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(~this.#high, 0);
    bytes.writeInt32BE(~this.#low, 4);
    return bytes;
  }
}
