import { keyOf, type NamedChannel, type Sighting } from './read-channels.ts';

/** Share of a relay's names that its client must have asked for too. */
const relayedShare = 0.5;

/**
 * Leaves out the resolvers of ours that only pass on what another channel asks: where a sensor stands on both sides of
 * one, the same names are seen twice, and it is the machine behind it that matters.
 */
export function withoutRelays(
  channels: readonly NamedChannel[],
  sightings: ReadonlyMap<string, Sighting>,
): NamedChannel[] {
  const relayed = new Map<string, number>();
  for (const { client, domain, channel } of channels) {
    for (const resolver of sightings.get(keyOf({ client, domain }))?.resolvers ?? []) {
      if (resolver === client) continue;
      const key = `${resolver} ${domain}`;
      relayed.set(key, (relayed.get(key) ?? 0) + channel.names);
    }
  }
  return channels.filter(
    ({ client, domain, channel }) => (relayed.get(`${client} ${domain}`) ?? 0) < relayedShare * channel.names,
  );
}
