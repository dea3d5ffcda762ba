/** A value of a header by its type: text (6), texts (8), numbers of 32 bits (4) or 16 bits (3). */
export type RpmValue = string | readonly string[] | { readonly width: 2 | 4; readonly numbers: readonly number[] };

/** A package header as the databases of rpm store it, from values by tag. */
export function rpmHeader(values: Readonly<Record<number, RpmValue>>): Buffer {
  const index: Buffer[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  for (const [tag, value] of Object.entries(values)) {
    const { type, count, bytes } = encode(value);
    const entry = Buffer.alloc(16);
    for (const [place, number] of [Number(tag), type, length, count].entries()) entry.writeUInt32BE(number, place * 4);
    index.push(entry);
    parts.push(bytes);
    length += bytes.length;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index.length, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...index, ...parts]);
}

function encode(value: RpmValue): { type: number; count: number; bytes: Buffer } {
  if (typeof value === 'string') return { type: 6, count: 1, bytes: Buffer.from(`${value}\0`) };
  if ('numbers' in value) {
    const bytes = Buffer.alloc(value.width * value.numbers.length);
    for (const [at, number] of value.numbers.entries()) bytes.writeUIntBE(number, at * value.width, value.width);
    return { type: value.width === 2 ? 3 : 4, count: value.numbers.length, bytes };
  }
  return { type: 8, count: value.length, bytes: Buffer.from(value.map((text) => `${text}\0`).join('')) };
}
