import type { Random } from '../../fuzz/random.ts';
import { around, at, megabyte, near, outsideAddress, type Connection } from './connections.ts';

/** Data that is taken, and must be told. */
export interface Theft {
  readonly what: string;
  readonly source: string;
  /** Registered domain or one of the addresses. */
  readonly place: string;
  readonly bytes: number;
  readonly connections: readonly Connection[];
}

export interface Scene {
  readonly random: Random;
  readonly days: number;
  readonly source: string;
}

function theft(what: string, connections: readonly Connection[]): Theft {
  const [head] = connections;
  const place = head?.name?.split('.').slice(-2).join('.') ?? head?.destination ?? '';
  return {
    what,
    source: head?.source ?? '',
    place,
    bytes: connections.reduce((sum, one) => sum + one.sent, 0),
    connections,
  };
}

/** Parts of an archive within a day, one an hour or so. */
export function partsInADay({ random, days, source }: Scene): Theft {
  const destination = outsideAddress(random);
  const size = random.pick([250, 500, 700]) * megabyte;
  const day = random.below(days);
  const parts = Array.from({ length: 5 + random.below(8) }, (_none, index) => ({
    time: at(random, day, 1 + index * 1.5, 20),
    source,
    destination,
    sent: near(random, size, 0.002),
    received: 400_000,
  }));
  return theft('parts in a day', parts);
}

/** Three archives of 500 MiB on three days. */
export function threeDays({ random, days, source }: Scene): Theft {
  const destination = outsideAddress(random);
  const first = random.below(Math.max(1, days - 2));
  return theft(
    'three times 500 MiB',
    [0, 1, 2].map((step) => ({
      time: at(random, first + step, 1 + step * 1.6, 30),
      source,
      destination,
      sent: 524_288_000,
      received: 20_000,
    })),
  );
}

/** Parts of one size over weeks, on days and at times that follow nothing. */
export function partsOverWeeks({ random, days, source }: Scene, size: number): Theft {
  const destination = outsideAddress(random);
  const name = random.below(2) === 0 ? { name: `files.store${random.below(10_000)}.net` } : {};
  const parts: Connection[] = [];
  let [day, sent] = [1 + random.below(4), 0];
  while (day < days) {
    const count = size < 100 * megabyte ? 1 + random.below(4) : 1;
    for (let index = 0; index < count; index++) {
      parts.push({
        time: at(random, day, random.below(23), 60),
        source,
        destination,
        ...name,
        sent: near(random, size, 0.003),
        received: 150_000,
      });
      sent += size;
    }
    day += 1 + random.below(size < 100 * megabyte ? 2 : 4);
  }
  // Less than 600 MB in all would be no case of this kind.
  while (sent < 600 * megabyte) {
    parts.push({
      time: at(random, days - 1, random.below(20), 60),
      source,
      destination,
      ...name,
      sent: near(random, size, 0.003),
      received: 150_000,
    });
    sent += size;
  }
  return theft(`parts of ${size / megabyte} MB over weeks`, parts);
}

/** All at once, late, to a place that nobody knows, by a machine that never sends much. */
export function once({ random, days, source }: Scene): Theft {
  const time = at(random, Math.max(0, days - 1 - random.below(2)), random.below(22), 60);
  const isNamed = random.below(2) === 0;
  const destination = outsideAddress(random);
  return theft('once', [
    {
      time,
      source,
      destination,
      ...(isNamed ? { name: `x.drop${random.below(10_000)}.io` } : {}),
      sent: near(random, 2500 * megabyte, 0.2),
      received: 900_000,
    },
  ]);
}

/** Little by little in many connections, to several addresses of one network. */
export function drip({ random, days, source }: Scene): Theft {
  const network = outsideAddress(random).split('.').slice(0, 3).join('.');
  const first = 2 + random.below(days - 8);
  const perDay = Math.max(80 * megabyte, (1000 * megabyte) / (days - first));
  const connections = Array.from({ length: days - first }, (_none, index) =>
    Array.from({ length: 10 }, () => ({
      time: at(random, index + first, random.below(23), 60),
      source,
      destination: `${network}.${10 + random.below(4)}`,
      sent: around(random, perDay / 10),
      received: 40_000,
    })),
  ).flat();
  return theft('drip', connections);
}
