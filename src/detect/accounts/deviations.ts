import type { Reason } from '../../events/finding.ts';
import { ramp } from '../ramp.ts';
import type { LogIn } from './log-ins.ts';
import { countOf, hourOf, isWeekend, type AccountDay, type Past } from './past.ts';

/** How a day differs from the account's own past: in time, in place, in volume. Each has its reasons, and the log-ins that differ. */
export interface Deviations {
  readonly time: readonly Reason[];
  readonly place: readonly Reason[];
  readonly volume: readonly Reason[];
  readonly logIns: readonly LogIn[];
}

/** Hours from the nearest usual one from which an hour is odd, and where it is as odd as can be. */
const oddHours = 3;
const oddestHours = 7;
/** Days with log-ins without one at a weekend from which one is odd. */
const weekdaysOnly = 15;
/** Hours of the day in which an account with so many usual ones has no night. */
const roundTheClock = 18;

export function deviationsOf({ day, logIns, past }: AccountDay): Deviations {
  const odd = logIns.filter((logIn) => hoursOff(logIn, past) >= oddHours);
  const strange = logIns.filter(({ place }) => !past.places.has(place));
  const elsewhere = logIns.filter(({ machine }) => !past.machines.has(machine));
  return {
    time: timeReasons(day, odd, past),
    place: placeReasons(strange, elsewhere, past),
    volume: volumeReasons(logIns, past),
    logIns: [...new Set([...odd, ...strange, ...elsewhere, ...logIns])],
  };
}

/** Hours between a log-in and the nearest usual hour, around the clock. */
function hoursOff({ first }: LogIn, { usualHours }: Past): number {
  if (usualHours.size >= roundTheClock) return 0;
  const hour = hourOf(first);
  const distances = [...usualHours].map((usual) => Math.min((hour - usual + 24) % 24, (usual - hour + 24) % 24));
  return distances.length === 0 ? 0 : Math.min(...distances);
}

function timeReasons(day: number, odd: readonly LogIn[], past: Past): Reason[] {
  const reasons: Reason[] = [];
  const [first] = odd;
  if (first !== undefined) {
    const off = Math.max(...odd.map((logIn) => hoursOff(logIn, past)));
    reasons.push({
      what: 'hour',
      value: `${clock(hourOf(first.first))} UTC, ${off} h from the nearest of its usual hours (${hoursText(past)})`,
      weight: 0.25 + 0.1 * ramp(off, oddHours, oddestHours),
    });
  }
  if (isWeekend(day) && past.weekendDays === 0 && past.days >= weekdaysOnly) {
    reasons.push({ what: 'weekend', value: `none of its ${past.days} days before was one`, weight: 0.2 });
  }
  return reasons;
}

function placeReasons(strange: readonly LogIn[], elsewhere: readonly LogIn[], past: Past): Reason[] {
  const reasons: Reason[] = [];
  const [from] = strange;
  if (from !== undefined) {
    const share = past.newPlaceDays / past.days;
    reasons.push({
      what: 'comes from',
      value: `${from.source === '' ? 'the machine itself' : from.source} (${from.place}), never before; a new place on ${past.newPlaceDays} of ${past.days} days`,
      weight: 0.25 * (1 - ramp(share, 0.02, 0.2)),
    });
    const country = strange.find((logIn) => logIn.country !== null && !past.countries.has(logIn.country))?.country;
    if (country !== undefined && country !== null) {
      reasons.push({ what: 'country', value: `${country}, never before`, weight: 0.1 });
    }
  }
  const machines = [...new Set(elsewhere.map(({ machine }) => machine))];
  if (machines.length > 0) {
    const share = past.newMachineDays / past.days;
    reasons.push({
      what: 'machine',
      value: `${machines.slice(0, 5).join(', ')}: never before; a new one on ${past.newMachineDays} of ${past.days} days`,
      weight: 0.15 * (1 - ramp(share, 0.02, 0.2)),
    });
  }
  return reasons.filter(({ weight = 0 }) => weight > 0.02);
}

/** Times the most of a day before from which a day is more, and where it is as much as can be. */
const moreTimes = 2;
const mostTimes = 6;

function volumeReasons(logIns: readonly LogIn[], past: Past): Reason[] {
  const machines = new Set(logIns.map(({ machine }) => machine)).size;
  const count = countOf(logIns);
  const weight = (times: number): number => 0.2 + 0.1 * ramp(times, moreTimes, mostTimes);
  if (machines >= 3 && machines > moreTimes * past.mostMachines) {
    const times = machines / past.mostMachines;
    return [
      { what: 'machines', value: `${machines} on one day, at most ${past.mostMachines} before`, weight: weight(times) },
    ];
  }
  if (count >= 20 && count > 2 * moreTimes * past.mostLogIns) {
    const times = count / (2 * past.mostLogIns);
    return [
      { what: 'log-ins', value: `${count} on one day, at most ${past.mostLogIns} before`, weight: weight(times) },
    ];
  }
  return [];
}

/** `06, 07, 08` as `06-08`. */
function hoursText({ usualHours }: Past): string {
  const hours = [...usualHours].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const hour of hours) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === hour - 1) run[1] = hour;
    else runs.push([hour, hour]);
  }
  return runs.map(([from, to]) => `${clock(from)}-${clock(to + 1)}`).join(', ');
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
