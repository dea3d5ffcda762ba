import { Random } from '../../fuzz/random.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import { megabyte, toFlowEvents } from './connections.ts';
import { everydayConnections } from './everyday.ts';
import { drip, once, partsInADay, partsOverWeeks, threeDays, type Theft } from './thefts.ts';

export interface FlowScene {
  readonly events: readonly VakthundEvent[];
  readonly thefts: readonly Theft[];
  readonly days: number;
}

/** Some weeks of a company, and in it thefts of every kind (or none), each from a workstation of its own. */
export function flowScene(seed: number, withThefts: boolean): FlowScene {
  const random = new Random(seed);
  const days = withThefts ? random.pick([9, 14, 21, 30]) : random.pick([1, 2, 3, 5, 9, 14, 30]);
  const workstations = Array.from({ length: random.pick([8, 12, 25]) }, (_none, index) => `10.1.0.${10 + index}`);
  const servers = Array.from({ length: 4 }, (_none, index) => `10.1.1.${10 + index}`);
  const everyday = everydayConnections({ random, days, workstations, servers });
  const own = (index: number) => ({
    random,
    days,
    source: workstations[workstations.length - 1 - index] ?? '10.1.0.99',
  });
  const thefts = withThefts
    ? [
        partsInADay(own(0)),
        threeDays(own(1)),
        partsOverWeeks(own(2), 500 * megabyte),
        partsOverWeeks(own(3), 50 * megabyte),
        once(own(4)),
        drip(own(5)),
      ]
    : [];
  const connections = [...everyday, ...thefts.flatMap((one) => one.connections)].sort((a, b) => a.time - b.time);
  return { events: connections.flatMap((connection) => toFlowEvents(connection)), thefts, days };
}
