/**
 * The characters of Base64 that depend on `bytes` alone when `shift` bytes (0 to 2) stand before them in their group:
 * found by encoding between different neighbours and keeping what stays the same.
 */
export function base64Core(bytes: Buffer, shift: number): string {
  const neighbours = [0x00, 0xff];
  const encoded = neighbours.flatMap((before) =>
    neighbours.map((after) =>
      Buffer.concat([Buffer.alloc(shift, before), bytes, Buffer.alloc(3, after)]).toString('base64'),
    ),
  );
  const [first = ''] = encoded;
  const bits = (shift + bytes.length) * 8;
  let core = '';
  for (let index = 0; index * 6 < bits; index++) {
    if (encoded.every((text) => text[index] === first[index])) core += first[index] ?? '';
  }
  return core;
}
