import { microsPerDay } from '../../../base/time.ts';
import { pointersOf, textsOf } from '../../make-finding.ts';
import type { EvidencePointer } from '../../../events/finding.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { knownServiceShare } from './known-services.ts';
import { analysePayload, unreadPayload } from './payload.ts';
import {
  answersQuery,
  anyConnectionQuery,
  askersQuery,
  channelsQuery,
  clientsQuery,
  connectionsQuery,
  namesQuery,
  pointersQuery,
  type CandidateBounds,
} from './queries.ts';
import type { Channel } from './channel.ts';

/** Names of one channel that are looked at: an attacker chooses how many there are. The estimate grows with the rest. */
const maxNames = 20_000;
/** Channels asked about at once. */
const batchSize = 1000;

/** A client and a domain with the text of the names between them. */
export interface NamedChannel {
  readonly client: string;
  readonly domain: string;
  /** µs. */
  readonly first: number;
  readonly last: number;
  /** Records behind it. */
  readonly count: number;
  readonly channel: Channel;
}

export interface Sighting {
  /** Machines of ours that ask the client itself for names. */
  readonly askers: number;
  readonly resolvers: readonly string[];
  readonly evidence: readonly EvidencePointer[];
}

export interface ReadOptions {
  readonly store: ReadStore;
  readonly timeCondition: string;
  readonly bounds: CandidateBounds;
}

/** Channels whose numbers let them be one; the text of their names is not read yet. */
export async function findChannels({ store, timeCondition, bounds }: ReadOptions): Promise<NamedChannel[]> {
  const m = store.macros;
  const [clients] = await store.query(clientsQuery(m, timeCondition));
  const network = Number(clients?.['n'] ?? 0);
  const rows = await store.query(channelsQuery(m, timeCondition, bounds));
  return rows.map((row) => toChannel(row, network));
}

/** The same channels with what the text of their names tells. */
export async function withNames(
  { store, timeCondition }: ReadOptions,
  channels: readonly NamedChannel[],
): Promise<NamedChannel[]> {
  const byKey = new Map(channels.map((named) => [keyOf(named), named]));
  const read: NamedChannel[] = [];
  const take = (key: string, names: readonly string[]): void => {
    const named = byKey.get(key);
    if (named === undefined) return;
    const payload = analysePayload(names, named.domain, named.channel.payload.characters);
    read.push({ ...named, channel: { ...named.channel, payload, serviceShare: knownServiceShare(names) } });
  };
  for (const batch of batchesOf(channels)) {
    let key = '';
    let names: string[] = [];
    for await (const chunk of store.scan(
      namesQuery(store.macros, timeCondition, batch.length, maxNames),
      keysOf(batch),
    )) {
      const [clientColumn, domainColumn, nameColumn] = [chunk.texts(0), chunk.texts(1), chunk.texts(2)];
      for (let index = 0; index < chunk.rowCount; index++) {
        const next = `${clientColumn[index] ?? ''} ${domainColumn[index] ?? ''}`;
        if (next !== key) {
          take(key, names);
          [key, names] = [next, []];
        }
        names.push(nameColumn[index] ?? '');
      }
    }
    take(key, names);
  }
  return read;
}

function toChannel(row: SqlRow, network: number): NamedChannel {
  const number = (column: string): number => Number(row[column] ?? 0);
  const names = number('names');
  const resolved = number('resolved');
  return {
    client: String(row['client']),
    domain: String(row['domain']),
    first: number('first'),
    last: number('last'),
    count: number('n'),
    channel: {
      names,
      askings: number('askings'),
      payload: unreadPayload(names, number('characters')),
      oddShare: number('odd') / names,
      oddTypes: textsOf(row['odd_types']),
      nullShare: number('nulls') / names,
      browserShare: number('as_browser') / names,
      resolved,
      verdictShare: resolved === 0 ? 0 : number('verdicts') / resolved,
      addresses: 0,
      localAddressShare: 0,
      answerBytes: 0,
      mailShare: 0,
      connectedShare: undefined,
      users: number('users'),
      network,
      serviceShare: 0,
      days: (number('last') - number('first')) / microsPerDay,
    },
  };
}

/** The same channels with what their answers, and the connections that followed, tell. */
export async function withAnswers(
  { store, timeCondition }: ReadOptions,
  channels: readonly NamedChannel[],
): Promise<NamedChannel[]> {
  const m = store.macros;
  const hasConnections = (await store.query(anyConnectionQuery())).length > 0;
  const answers = await ask(store, channels, (count) => answersQuery(m, timeCondition, count));
  const connections = hasConnections
    ? await ask(store, channels, (count) => connectionsQuery(m, timeCondition, count))
    : undefined;
  return channels.map((named) => {
    const key = keyOf(named);
    const answer = answers.get(key) ?? {};
    const number = (column: string): number => Number(answer[column] ?? 0);
    const connection = connections?.get(key);
    const names = Number(connection?.['names'] ?? 0);
    return {
      ...named,
      channel: {
        ...named.channel,
        addresses: number('addresses'),
        localAddressShare: number('local_addresses') / Math.max(1, number('addresses')),
        answerBytes: number('answer_bytes'),
        mailShare: number('known_texts') / Math.max(1, number('texts')),
        connectedShare: names === 0 ? undefined : Number(connection?.['followed']) / names,
      },
    };
  });
}

/** Where the records of channels stand, by `client domain`. */
export async function readSightings(
  { store, timeCondition }: ReadOptions,
  channels: readonly NamedChannel[],
): Promise<Map<string, Sighting>> {
  const rows = await ask(store, channels, (count) => pointersQuery(store.macros, timeCondition, count));
  const askers = new Map<string, number>();
  for (const batch of batchesOf(channels)) {
    const clients = [...new Set(batch.map(({ client }) => client))];
    for (const row of await store.query(askersQuery(store.macros, timeCondition, clients.length), clients)) {
      askers.set(String(row['resolver']), Number(row['askers']));
    }
  }
  return new Map(
    [...rows].map(([key, row]) => [
      key,
      {
        askers: askers.get(String(row['client'])) ?? 0,
        resolvers: textsOf(row['resolvers']),
        evidence: pointersOf(row),
      },
    ]),
  );
}

/** Rows of a question about channels, by `client domain`. */
async function ask(
  store: ReadStore,
  channels: readonly NamedChannel[],
  sql: (count: number) => string,
): Promise<Map<string, SqlRow>> {
  const rows = new Map<string, SqlRow>();
  for (const batch of batchesOf(channels)) {
    for (const row of await store.query(sql(batch.length), keysOf(batch))) {
      rows.set(`${String(row['client'])} ${String(row['domain'])}`, row);
    }
  }
  return rows;
}

function batchesOf(channels: readonly NamedChannel[]): NamedChannel[][] {
  const count = Math.ceil(channels.length / batchSize);
  return Array.from({ length: count }, (_none, index) => channels.slice(index * batchSize, (index + 1) * batchSize));
}

function keysOf(batch: readonly NamedChannel[]): string[] {
  return batch.flatMap(({ client, domain }) => [client, domain]);
}

export function keyOf({ client, domain }: Pick<NamedChannel, 'client' | 'domain'>): string {
  return `${client} ${domain}`;
}
