import type { Micros } from '../../src/base/time.ts';
import { at, dayStart } from '../samples/base/clock.ts';

export const microsPerDay = 86_400_000_000;
export const weekDays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type WeekDay = (typeof weekDays)[number];

/** Days between that day and the one of the samples, a Tuesday. */
export function daysFromSample(day: WeekDay): number {
  return weekDays.indexOf(day) - weekDays.indexOf('Tue');
}

/** `10:42` or `10:42:03.25` on a day of the week. */
export function on(day: WeekDay, clock: string): Micros {
  return at(clock) + daysFromSample(day) * microsPerDay;
}

export const weekStart: Micros = dayStart + daysFromSample('Mon') * microsPerDay;
export const weekEnd: Micros = weekStart + weekDays.length * microsPerDay;

export function isWeekend(day: WeekDay): boolean {
  return day === 'Sat' || day === 'Sun';
}
