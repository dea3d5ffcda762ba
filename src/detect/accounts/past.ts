import { dayOf, type LogIn } from './log-ins.ts';

const hoursOfDay = 24;
const hourMicros = 3_600_000_000;
/** An hour counts as usual with this share of the days; a single late evening does not move the rule. */
const usualShare = 0.05;

/** What is known of an account before a day. */
export interface Past {
  /** Days with a log-in, and days from the first of them to the last. */
  readonly days: number;
  readonly span: number;
  /** Hours (UTC) that are usual. */
  readonly usualHours: ReadonlySet<number>;
  readonly weekendDays: number;
  readonly places: ReadonlySet<string>;
  readonly countries: ReadonlySet<string>;
  readonly machines: ReadonlySet<string>;
  /** The most on a day. */
  readonly mostMachines: number;
  readonly mostLogIns: number;
  /** Days on which it came from a place, or to a machine, that was new then; the first day aside. */
  readonly newPlaceDays: number;
  readonly newMachineDays: number;
}

/** One day of an account with what came before it. */
export interface AccountDay {
  readonly account: string;
  readonly day: number;
  readonly logIns: readonly LogIn[];
  readonly past: Past;
}

/** All days of all accounts, each with its past. */
export function* accountDays(logIns: readonly LogIn[]): Generator<AccountDay> {
  for (const [account, mine] of Map.groupBy(logIns, (logIn) => logIn.account)) {
    const past = new GrowingPast();
    for (const [day, ofDay] of Map.groupBy(mine, ({ first }) => dayOf(first))) {
      yield { account, day, logIns: ofDay, past: past.before(day) };
      past.add(day, ofDay);
    }
  }
}

export function hourOf(micros: number): number {
  return Math.floor(micros / hourMicros) % hoursOfDay;
}

/** Saturday or Sunday; day 0 was a Thursday. */
export function isWeekend(day: number): boolean {
  return [2, 3].includes(day % 7);
}

class GrowingPast {
  readonly #daysOfHour = new Uint32Array(hoursOfDay);
  readonly #places = new Set<string>();
  readonly #countries = new Set<string>();
  readonly #machines = new Set<string>();
  #first: number | undefined;
  #days = 0;
  #weekendDays = 0;
  #mostMachines = 0;
  #mostLogIns = 0;
  #newPlaceDays = 0;
  #newMachineDays = 0;

  /** The sets are those that grow: a day is judged before the next one is added. */
  before(day: number): Past {
    const enough = Math.max(1, Math.ceil(this.#days * usualShare));
    return {
      days: this.#days,
      span: this.#first === undefined ? 0 : day - this.#first,
      usualHours: new Set([...this.#daysOfHour.keys()].filter((hour) => (this.#daysOfHour[hour] ?? 0) >= enough)),
      weekendDays: this.#weekendDays,
      places: this.#places,
      countries: this.#countries,
      machines: this.#machines,
      mostMachines: this.#mostMachines,
      mostLogIns: this.#mostLogIns,
      newPlaceDays: this.#newPlaceDays,
      newMachineDays: this.#newMachineDays,
    };
  }

  add(day: number, logIns: readonly LogIn[]): void {
    if (this.#days > 0) {
      if (logIns.some(({ place }) => !this.#places.has(place))) this.#newPlaceDays++;
      if (logIns.some(({ machine }) => !this.#machines.has(machine))) this.#newMachineDays++;
    }
    this.#first ??= day;
    this.#days++;
    if (isWeekend(day)) this.#weekendDays++;
    for (const hour of new Set(logIns.map(({ first }) => hourOf(first)))) {
      this.#daysOfHour[hour] = (this.#daysOfHour[hour] ?? 0) + 1;
    }
    for (const { place, country, machine } of logIns) {
      this.#places.add(place);
      if (country !== null) this.#countries.add(country);
      this.#machines.add(machine);
    }
    this.#mostMachines = Math.max(this.#mostMachines, new Set(logIns.map(({ machine }) => machine)).size);
    this.#mostLogIns = Math.max(this.#mostLogIns, countOf(logIns));
  }
}

export function countOf(logIns: readonly LogIn[]): number {
  return logIns.reduce((sum, { count }) => sum + count, 0);
}
