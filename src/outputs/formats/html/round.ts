/** A coordinate or share to one digit: no eye sees more, and a page with thousands of them stays small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
