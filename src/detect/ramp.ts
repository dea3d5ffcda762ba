/** 0 up to `from`, 1 from `to` on, and straight between: how far a measure has come. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
