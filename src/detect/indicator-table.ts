import { parseCidr } from '../base/ip.ts';
import { isIndicatorKind, type Indicator } from '../match/indicators/format.ts';
import { IndicatorSetBuilder } from '../match/indicators/set-builder.ts';
import type { IndicatorSet } from '../match/indicators/set.ts';
import { registeredDomain } from '../match/indicators/values/domain.ts';
import { urlHost } from '../match/indicators/values/url.ts';
import type { EnrichStore, ReadStore } from '../store/store.ts';

type TableRow = Parameters<EnrichStore['insert']>[1][number];

/** Rows that are handed to the store at a time. */
const batchRows = 20_000;

/** Puts a list into the case in place of the one of the same name; returns how many entries it has. */
export async function storeIndicators(
  store: EnrichStore,
  list: string,
  indicators: AsyncIterable<readonly Indicator[]>,
): Promise<number> {
  await forgetIndicators(store, list);
  let rows: TableRow[] = [];
  let count = 0;
  for await (const batch of indicators) {
    for (const indicator of batch) rows.push(tableRow(list, indicator));
    count += batch.length;
    if (rows.length < batchRows) continue;
    await store.insert('indicator', rows);
    rows = [];
  }
  await store.insert('indicator', rows);
  return count;
}

/** Takes a list out of the case. */
export async function forgetIndicators(store: EnrichStore, list: string): Promise<void> {
  await store.derive([`DELETE FROM indicator WHERE list_name = '${list.replaceAll("'", "''")}'`]);
}

function tableRow(list: string, indicator: Indicator): TableRow {
  const { kind, value } = indicator;
  const range = kind === 'address' || kind === 'cidr' ? parseCidr(value) : undefined;
  return {
    ...indicator,
    list_name: list,
    first_number: range?.first ?? null,
    last_number: range?.last ?? null,
    join_key: joinKey(kind, value),
  };
}

function joinKey(kind: Indicator['kind'], value: string): string | null {
  if (kind === 'domain') return registeredDomain(value) ?? null;
  return kind === 'url' ? urlHost(value) : null;
}

/** The lists of the case as a set. Values past the bounds of a set are counted in `left`. */
export async function readIndicatorSet(
  store: ReadStore,
): Promise<{ readonly set: IndicatorSet; readonly left: number }> {
  const builder = new IndicatorSetBuilder();
  const { macros } = store;
  let left = 0;
  const sql = `SELECT kind, value, list_name, description, confidence, ${macros.micros('expires_at')} FROM indicator`;
  for await (const chunk of store.scan(sql)) {
    const [kinds, values, lists, descriptions] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    const [confidences, expiries] = [4, 5].map((column) => chunk.numbers(column));
    for (let row = 0; row < chunk.rowCount; row++) {
      const kind = kinds?.[row] ?? '';
      const value = values?.[row] ?? null;
      if (!isIndicatorKind(kind) || value === null) continue;
      const indicator = {
        kind,
        value,
        description: descriptions?.[row] ?? null,
        confidence: numberOrNull(confidences?.[row]),
        expires_at: numberOrNull(expiries?.[row]),
      };
      if (!builder.add(lists?.[row] ?? '', indicator)) left++;
    }
  }
  return { set: builder.build(), left };
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
