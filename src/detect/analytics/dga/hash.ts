/** FNV-1a of 32 bits, a character at a time: the hash of nothing, and one character more. */
export const firstHash = 0x811c9dc5 | 0;

export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 16_777_619);
}

/** An entry of a table of `size` (a power of two). */
export function entryOf(hash: number, size: number): number {
  return (hash ^ (hash >>> 15)) & (size - 1);
}
