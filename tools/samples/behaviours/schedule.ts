import type { Micros } from '../../../src/base/time.ts';
import { at, dayEnd, dayStart, secondOfDay, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import type { Workstation } from '../world/hosts.ts';

/** Times from `from` to `to`, `periodSeconds` apart, each moved by up to `jitter` of the period; a drift adds up as real timers' does. */
export function periodic(scene: Scene, from: Micros, to: Micros, periodSeconds: number, jitter: number): Micros[] {
  const times: Micros[] = [];
  const first = from + scene.rng.integer(0, 999_999);
  for (let time = first; time < to; time += seconds(scene.rng.around(periodSeconds, jitter))) {
    times.push(Math.round(time));
  }
  return times;
}

/** From when to when the machine is on: desktops all day, laptops while their user works. */
export function uptime(station: Workstation): readonly [Micros, Micros] {
  if (!station.isLaptop) return [dayStart + seconds(station.number * 61), dayEnd];
  return [startOfWork(station), endOfWork(station)];
}

export function startOfWork(station: Workstation): Micros {
  return dayStart + seconds(station.startHour * 3600);
}

export function endOfWork(station: Workstation): Micros {
  return startOfWork(station) + seconds(8.2 * 3600 + ((station.number * 13) % 10) * 240);
}

/** A time at which somebody is at the screen: seldom at lunch, never outside working hours. */
export function busyTime(scene: Scene, station: Workstation): Micros {
  const from = startOfWork(station);
  const length = endOfWork(station) - from;
  for (;;) {
    const time = Math.round(from + scene.rng.fraction() * length);
    const isLunch = time > at('11:30') && time < at('12:15');
    if (!isLunch || scene.rng.chance(0.25)) return time;
  }
}

/** Share of the day's visitors of a shop that come in that hour: night 0.1, evening most. */
export function visitorWeight(time: Micros): number {
  const hour = secondOfDay(time) / 3600;
  if (hour < 6) return 0.1;
  if (hour < 9) return 0.4;
  if (hour < 17) return 0.7;
  return hour < 22 ? 1 : 0.5;
}
