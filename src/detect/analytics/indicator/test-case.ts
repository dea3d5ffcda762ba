import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalNetworks } from '../../../base/networks.ts';
import { kindIds, newEvent, type EventOf, type KindId, type VakthundEvent } from '../../../events/event.ts';
import type { Indicator, IndicatorKind } from '../../../match/indicators/format.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { normalise } from '../../../match/indicators/normalise.ts';
import { readWarnings } from '../../../match/indicators/shipped-warnings.ts';
import { openDuckdbStore } from '../../../store/duckdb/duckdb-store.ts';
import type { Store } from '../../../store/store.ts';
import { huntIndicators, IndicatorWatch, type IndicatorVerdict } from './hunt.ts';
import { readIndicatorSet, storeIndicators } from '../../indicator-table.ts';

export const noon = 1_772_000_000_000_000;
export const networks = createLocalNetworks();
const warnings = readWarnings();

export type Entry = readonly [IndicatorKind, string, Partial<Indicator>?];

let place = 0;

/** An event a microsecond and a place after the one made before it. */
export function event<K extends KindId>(kind: K, fields: Partial<EventOf<K>>): VakthundEvent {
  place++;
  const base = { time: noon + place, evidence_at: place, evidence_id: 1 };
  return Object.assign(newEvent(kind), base, fields) as unknown as VakthundEvent;
}

/** A case of its own for the tests of this folder. */
export class TestCase {
  readonly store: Store;
  readonly #folder: string;

  private constructor(store: Store, folder: string) {
    this.store = store;
    this.#folder = folder;
  }

  static async open(): Promise<TestCase> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-indicator-'));
    return new TestCase(await openDuckdbStore({ folder }), folder);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async clear(): Promise<void> {
    const tables = [
      'indicator',
      'address',
      'domain',
      'evidence_count',
      'evidence',
      ...kindIds.map((kind) => `hot.${kind}`),
    ];
    await this.store.derive(tables.map((table) => `DELETE FROM ${table}`));
  }

  async fill(events: readonly VakthundEvent[]): Promise<void> {
    const names = { path: 'x', sha256: 'x', content_sha256: 'x', head_sha256: 'x', source: 'zeek', done_state: null };
    const done = { size: 1, done_byte: 0, done_line: 0, is_complete: true, added_at: noon };
    const evidenceId = await this.store.addEvidence({ ...names, ...done });
    const progress = { byte: 1, line: 1, state: null, isComplete: true };
    await this.store.commit({ evidenceId, events, problems: [], progress });
  }

  /** Loads the entries that are such in normal form. */
  async list(name: string, entries: readonly Entry[]): Promise<void> {
    const indicators = entries.flatMap(([kind, text, more]): Indicator[] => {
      const normal = normalise(kind, text);
      if (typeof normal === 'string') return [];
      const facts = { description: null, confidence: null, expires_at: null };
      return [{ kind: normal.kind, value: normal.value, ...facts, ...more }];
    });
    await storeIndicators(this.store, name, once(indicators));
  }

  /** The verdict of a hunt over the store, and that of a watch that sees the same events come in. */
  async judge(events: readonly VakthundEvent[]): Promise<{ hunted: IndicatorVerdict; watched: IndicatorVerdict }> {
    await this.fill(events);
    const { set } = await readIndicatorSet(this.store);
    const matcher = new IndicatorMatcher({ set, warnings, asOf: noon });
    const watch = new IndicatorWatch({ matcher, networks });
    for (let at = 0; at < events.length; at += 3) watch.take(events.slice(at, at + 3));
    const hunted = await huntIndicators({ store: this.store, matcher, timeCondition: 'TRUE', networks });
    return { hunted, watched: watch.verdict() };
  }
}

async function* once(indicators: readonly Indicator[]): AsyncGenerator<readonly Indicator[]> {
  yield indicators;
}
