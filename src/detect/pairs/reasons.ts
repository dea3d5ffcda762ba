import type { Reason } from '../../events/finding.ts';

/** Weights to three digits. */
export function roundedReasons(reasons: readonly Reason[]): Reason[] {
  return reasons.map((reason) => (reason.weight === undefined ? reason : { ...reason, weight: round3(reason.weight) }));
}

/** Sum of the weights, kept between 0 and 1. */
export function sumOfReasons(reasons: readonly Reason[]): number {
  const sum = reasons.reduce((total, reason) => total + (reason.weight ?? 0), 0);
  return round3(Math.min(1, Math.max(0, sum)));
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** `3 of 400 local hosts use it`. */
export function prevalenceText(hosts: number, networkSize: number, isTelling: boolean): string {
  const text = `${hosts} of ${networkSize} local hosts use it`;
  return isTelling ? text : `${text}: too few to tell whether it is common`;
}
