import { microsPerSecond, type Micros } from '../../../src/base/time.ts';

/** The day of the samples, a Tuesday. All times are UTC. */
export const dayText = '2026-03-10';
export const dayStart: Micros = Date.parse(`${dayText}T00:00:00Z`) * 1000;
export const dayEnd: Micros = dayStart + 86_400 * microsPerSecond;

/** `10:42` or `10:42:03.25` on the day of the samples. */
export function at(clock: string): Micros {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return dayStart + Math.round((hours * 3600 + minutes * 60 + seconds) * microsPerSecond);
}

export function seconds(count: number): Micros {
  return Math.round(count * microsPerSecond);
}

export function millis(count: number): Micros {
  return Math.round(count * 1000);
}

/** Whole seconds since midnight. */
export function secondOfDay(time: Micros): number {
  return Math.floor((time - dayStart) / microsPerSecond);
}
