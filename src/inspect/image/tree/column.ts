/** A column of numbers that grows in place. */
type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * A column of no length yet, which `lengthen` makes longer up to `most` numbers. Its memory is set aside once and taken as it is
 * needed: nothing is copied, and no old column waits for the collector (both together were half of what a million names took).
 */
export function column<C extends Column>(
  type: { new (buffer: ArrayBuffer): C; readonly BYTES_PER_ELEMENT: number },
  most: number,
): C {
  return new type(new ArrayBuffer(0, { maxByteLength: most * type.BYTES_PER_ELEMENT }));
}

/** Makes columns `length` long; what is new is 0. Throws a RangeError past what was set aside. */
export function lengthen(columns: readonly Column[], length: number): void {
  for (const { buffer, BYTES_PER_ELEMENT } of columns) (buffer as ArrayBuffer).resize(length * BYTES_PER_ELEMENT);
}
