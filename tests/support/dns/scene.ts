import type { VakthundEvent } from '../../../src/events/event.ts';
import { Random } from '../../fuzz/random.ts';
import { dayStart } from '../event-store.ts';
import { everydayLookups } from './everyday.ts';
import { logStyles, toEvents, type LogStyle, type Lookup } from './records.ts';
import { dnscat, iodine, slow, slowOptions, type Tunnel } from './tunnels.ts';

export interface DnsScene {
  readonly events: readonly VakthundEvent[];
  readonly tunnels: readonly Tunnel[];
  readonly style: LogStyle;
}

/** A network of one machine to some dozens with its daily look-ups, and in it tunnels of every kind (or none). */
export function dnsScene(seed: number, withTunnels: boolean): DnsScene {
  const random = new Random(seed);
  const size = random.pick([1, 3, 12, 40]);
  const clients = Array.from(
    { length: size },
    (_none, index) => `10.0.${Math.floor(index / 200)}.${(index % 200) + 10}`,
  );
  const resolver = random.pick(['10.0.0.1', '192.0.2.53']);
  const style = random.pick(logStyles);
  const connections: VakthundEvent[] = [];
  const everyday = everydayLookups({ random, start: dayStart, clients, resolver, connections });
  const tunnels = withTunnels ? makeTunnels(random, clients, resolver) : [];
  const lookups = [...everyday, ...tunnels.flatMap((tunnel) => tunnel.lookups)];
  return { events: [...toEvents(throughResolver(random, lookups, resolver), style), ...connections], tunnels, style };
}

function makeTunnels(random: Random, clients: readonly string[], resolver: string): Tunnel[] {
  const scenery = () => {
    // A quarter is seen behind the resolver only, which then is the machine that asks.
    const isOutside = random.below(4) === 0 && resolver.startsWith('10.');
    const client = isOutside ? resolver : (clients[random.below(clients.length)] ?? '10.0.0.10');
    return {
      random,
      start: dayStart + random.below(3_600_000_000),
      client,
      resolver: isOutside ? '198.51.100.53' : resolver,
    };
  };
  const least = {
    alphabet: 'hex',
    content: 'packed',
    bytes: 840,
    labelLength: 28,
    labels: 1,
    counter: 'none',
    session: false,
    days: 1,
    bothFamilies: false,
  } as const;
  return [
    iodine(scenery()),
    dnscat(scenery()),
    slow(scenery(), { ...least, answer: random.pick(['address', 'no-name', 'nothing']) }),
    ...Array.from({ length: 4 }, () => slow(scenery(), slowOptions(random))),
  ];
}

/** In some networks the sensor stands on both sides of the resolver and sees every look-up twice. */
function throughResolver(random: Random, lookups: readonly Lookup[], resolver: string): Lookup[] {
  if (!resolver.startsWith('10.') || random.below(4) > 0) return [...lookups];
  return lookups.flatMap((lookup) =>
    lookup.resolver === resolver
      ? [lookup, { ...lookup, client: resolver, resolver: '198.51.100.53', time: lookup.time + 1000 }]
      : [lookup],
  );
}
