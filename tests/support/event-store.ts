import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/base/logger.ts';
import { createLocalNetworks } from '../../src/base/networks.ts';
import type { Analytic } from '../../src/detect/analytic.ts';
import { kindIds, newEvent, type EventOf, type KindId, type VakthundEvent } from '../../src/events/event.ts';
import type { Finding } from '../../src/events/finding.ts';
import { enrichers, type EnricherId } from '../../src/collect/enrich/registry.generated.ts';
import { openDuckdbStore } from '../../src/store/duckdb/duckdb-store.ts';
import type { Store } from '../../src/store/store.ts';
import { derivedTables } from '../../src/store/tables.ts';

/** 2026-03-10T00:00:00Z in µs: the day of made-up events. */
export const dayStart = 1_773_100_800_000_000;

export function event<K extends KindId>(kind: K, fields: Partial<EventOf<K>>): VakthundEvent {
  return Object.assign(newEvent(kind), { time: dayStart, evidence_at: 1 }, fields) as unknown as VakthundEvent;
}

let shared: Promise<Store> | undefined;

/** One store for all tests of a process: opening one makes some sixty tables and views. */
async function sharedStore(): Promise<Store> {
  shared ??= openShared();
  return shared;
}

async function openShared(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-events-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return openDuckdbStore({ folder, threads: 2 });
}

const ledgerTables = ['evidence', 'evidence_count', 'problem', 'finding', 'incident', 'setting'];

async function empty(store: Store): Promise<void> {
  // Large commits stand in files of their own.
  await store.retain(Number.MAX_SAFE_INTEGER);
  const tables = [...kindIds.map((kind) => `hot.${kind}`), ...Object.keys(derivedTables), ...ledgerTables];
  await store.derive(tables.map((table) => `DELETE FROM ${table}`));
}

let turn: Promise<unknown> = Promise.resolve();

/** A store that holds these events and nothing else, enriched, for the length of `work`. */
export async function withEvents<T>(
  events: readonly VakthundEvent[],
  work: (store: Store) => Promise<T>,
  also: readonly EnricherId[] = [],
): Promise<T> {
  const mine = turn.then(() => fill(events, work, also));
  turn = mine.catch(() => undefined);
  return mine;
}

const always: readonly EnricherId[] = ['addresses', 'domains', 'prevalence'];

async function fill<T>(
  events: readonly VakthundEvent[],
  work: (store: Store) => Promise<T>,
  also: readonly EnricherId[],
): Promise<T> {
  const store = await sharedStore();
  await empty(store);
  const evidenceId = await store.addEvidence({
    path: 'made-up',
    sha256: '0',
    content_sha256: '0',
    size: 1,
    head_sha256: '0',
    source: 'zeek',
    done_byte: 0,
    done_line: 0,
    done_state: null,
    is_complete: true,
    added_at: dayStart,
  });
  await store.commit({
    evidenceId,
    events,
    problems: [],
    progress: { byte: 1, line: 1, state: null, isComplete: true },
  });
  for (const id of [...always, ...also]) {
    await enrichers[id].run({ store, networks: createLocalNetworks(), assets: [], logger: silentLogger });
  }
  return work(store);
}

/** What an analytic finds in made-up events, with default settings or others, and more enrichers run first. */
export async function findingsOf(
  analytic: Analytic,
  events: readonly VakthundEvent[],
  settings: Readonly<Record<string, unknown>> = {},
  also: readonly EnricherId[] = [],
  notChecked: (why: string) => void = () => undefined,
): Promise<Finding[]> {
  return withEvents(
    events,
    async (store) => {
      const findings: Finding[] = [];
      const context = {
        store,
        timeCondition: 'TRUE',
        since: undefined,
        until: undefined,
        networks: createLocalNetworks(),
        settings: analytic.settings.parse(settings),
        logger: silentLogger,
        notChecked,
      };
      for await (const finding of analytic.run(context)) findings.push(finding);
      return findings;
    },
    also,
  );
}
