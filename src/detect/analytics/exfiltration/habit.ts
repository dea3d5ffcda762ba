import { microsPerDay, microsPerHour } from '../../../base/time.ts';
import { ramp } from '../../ramp.ts';
import { largest, median, smallest } from './extremes.ts';
import type { CaseSpan, DayVolume, Transfer } from './transfer.ts';

/** How usual it is that a machine sends to a place. */
export interface Habit {
  /** Days on which it sent something there that counts, and days since the first of them. */
  readonly activeDays: number;
  readonly possibleDays: number;
  /** Days from one active day to the next, as a rule. */
  readonly periodDays: number;
  /** It goes there every day or every week, about as much each time, from the beginning on: a backup, 0 to 1. */
  readonly isRoutine: number;
  /** It goes there often, from the beginning on, and never far more than usual: a synchronised folder, 0 to 1. */
  readonly isCustom: number;
}

/** A day counts with this share of the usual day. */
const countingShare = 0.1;
/** Days whose volumes differ by less than this factor from the usual are alike: what changed in a day is never the same. */
const likeness = 1.8;
/** Days that are looked at, the last: a sensor's clock could make any number of them. */
const lookedDays = 400;
/** Active days that are too few for a habit, and enough. */
const fewDays = 3;
const enoughDays = 5;

type HabitInput = Pick<
  Transfer,
  'days' | 'first' | 'timesOfDay' | 'hoursPerDay' | 'seenSince' | 'knownSince' | 'connections'
>;

export function habitOf(transfer: HabitInput, span: CaseSpan): Habit {
  const { first, timesOfDay, hoursPerDay, seenSince: since, knownSince, connections } = transfer;
  const days = transfer.days.slice(-lookedDays);
  const usual = median(days.map((day) => day.sent));
  const active = days.filter((day) => day.sent >= countingShare * usual);
  const { periodDays, onTime } = rhythmOf(active);
  const possibleDays = Math.max(1, Math.floor(span.last / microsPerDay) - Math.floor(first / microsPerDay) + 1);
  const excess = largest(active.map((day) => day.sent)) / Math.max(1, median(active.map((day) => day.sent)));
  // A machine that sends all day long keeps its schedule too. Nights differ in length; another period needs its hour.
  const onSchedule = Math.max(scheduledShare(timesOfDay), ramp(hoursPerDay, 6, 12));
  const isPunctual = periodDays === 1 ? 0.2 + 0.8 * onSchedule : onSchedule;
  // Three days are also a theft in three parts: they make a habit only on the hour, and not byte by byte the same.
  const isOneByOne = connections <= fewPerDay * active.length;
  const isEarly =
    periodDays > 1 || (isOneByOne && isExact(active)) ? 0 : ramp(onSchedule, 0.7, 0.9) * ramp(active.length, 1, 4);
  const isHabit = Math.max(ramp(active.length, fewDays, enoughDays), isEarly);
  const isMissed = missedRun(active, since, first, periodDays);
  return {
    activeDays: active.length,
    possibleDays,
    periodDays,
    isRoutine: isHabit * (1 - isMissed) * ramp(onTime, 0.6, 0.8) * ramp(alikeShare(active), 0.5, 0.7) * isPunctual,
    isCustom:
      Math.max(isHabit, ramp(active.length, 1, 4)) *
      (1 - ramp(countedTime(active, since, knownSince) / microsPerDay, 1, 2)) *
      // People keep no hour: what is punctual is a schedule, and a new one.
      (1 - isMissed * ramp(scheduledShare(timesOfDay), 0.7, 0.9)) *
      ramp(active.length / possibleDays, 0.2, 0.4) *
      (1 - ramp(excess, 10, 40)),
  };
}

/**
 * Whether a run is missing between the first sight of the machine and the first run, 0 to 1. Who is there from the beginning runs within a period
 * of it; what begins later, on however fixed a schedule, is as new as it looks. Within an hour nobody can tell.
 */
function missedRun(active: readonly DayVolume[], since: number, first: number, periodDays: number): number {
  return ramp(countedTime(active, since, first) / microsPerHour, 24 * periodDays, 24 * periodDays + 1);
}

/** Time between, µs, without the weekends of what rests on all of them. */
function countedTime(active: readonly DayVolume[], from: number, to: number): number {
  if (active.some(({ day }) => isWeekend(day))) return to - from;
  const days = Math.min(lookedDays, Math.floor((to - from) / microsPerDay) + 1);
  let rest = 0;
  for (let index = 0; index <= days; index++) {
    const day = (Math.floor(from / microsPerDay) + index) * microsPerDay;
    if (isWeekend(day)) rest += Math.max(0, Math.min(to, day + microsPerDay) - Math.max(from, day));
  }
  return to - from - rest;
}

/** Saturday and Sunday in UTC: the first of January 1970 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = Math.floor(day / microsPerDay) % 7;
  return weekday === 2 || weekday === 3;
}

/** Days between active days as a rule, and the share of pauses that keep the rule. */
function rhythmOf(active: readonly DayVolume[]): { readonly periodDays: number; readonly onTime: number } {
  const gaps = active.slice(1).map(({ day }, index) => Math.round((day - (active[index]?.day ?? day)) / microsPerDay));
  const periodDays = Math.max(1, median(gaps));
  const kept = gaps.filter((gap) => Math.abs(gap - periodDays) <= 0.1 * periodDays).length;
  return { periodDays, onTime: kept / Math.max(1, gaps.length) };
}

/** Share of days with about the volume of the usual day, or of the usual day of the same weekday: a full backup on Sundays. */
function alikeShare(days: readonly DayVolume[]): number {
  const usual = median(days.map((day) => day.sent));
  const isLike = (day: DayVolume, volume: number): boolean =>
    day.sent < likeness * volume && day.sent * likeness > volume;
  const alike = days.filter((day) => {
    const others = days.filter((other) => other !== day && weekdayOf(other) === weekdayOf(day));
    return isLike(day, usual) || (others.length > 0 && isLike(day, median(others.map((other) => other.sent))));
  });
  return alike.length / Math.max(1, days.length);
}

/** Archives cut to one size are alike within less than this; what changed on a disk is not. */
export const exactness = 0.0005;
/** More transfers a day than this are no archives one by one. */
const fewPerDay = 3;

function isExact(days: readonly DayVolume[]): boolean {
  const sizes = days.map((day) => day.payload);
  return largest(sizes) <= (1 + exactness) * smallest(sizes);
}

function weekdayOf({ day }: DayVolume): number {
  return Math.floor(day / microsPerDay) % 7;
}

/** Distance from the usual time of day within which a run is on schedule. */
const scheduleMicros = microsPerDay / 24;
/** Days of which the times are compared with each other. */
const comparedDays = 60;

/** Share of days on which the main transfer began within an hour of the usual time. */
function scheduledShare(timesOfDay: readonly number[]): number {
  const times = timesOfDay.slice(0, comparedDays);
  if (times.length === 0) return 0;
  const counts = times.map((time) => times.filter((other) => distanceInDay(time, other) <= scheduleMicros).length);
  return largest(counts) / times.length;
}

function distanceInDay(a: number, b: number): number {
  const distance = Math.abs(a - b);
  return Math.min(distance, microsPerDay - distance);
}
