import type { EvidencePointer } from '../../events/finding.ts';
import type { ReadStore } from '../../store/store.ts';
import { pairKey, type RitaPair } from './pair.ts';
import { significantDomain } from './subdomains.ts';

/** What a row is about, for a reader: a pair's key, or a domain by itself. */
export function keyOf(pair: RitaPair): string {
  return pair.source === '' ? pair.fqdn : pairKey(pair.source, farSide(pair));
}

export function farSide(pair: RitaPair): string {
  return pair.fqdn === '' ? pair.destination : pair.fqdn;
}

/** First and last record behind each of the given rows, by `keyOf`. */
export async function readPointers(
  store: ReadStore,
  pairs: readonly RitaPair[],
): Promise<Map<string, EvidencePointer[]>> {
  const addressed = pairs.filter(({ destination }) => destination !== '');
  const named = pairs.filter(({ source, fqdn }) => source !== '' && fqdn !== '');
  const questions = [
    pointersOfPairs(store, 'flow', 'destination_ip', addressed),
    pointersOfPairs(store, 'http', 'coalesce(http_host, url_domain)', named),
    pointersOfPairs(store, 'tls', 'tls_client_server_name', named),
    ...(pairs.some(({ source }) => source === '')
      ? [{ sql: pointersSql(store, 'dns', "''", 'dns_question_name', 'TRUE'), parameters: [] }]
      : []),
  ].filter((question) => question !== undefined);
  const keys = new Set(pairs.map(keyOf));
  const found = new Map<string, Span>();
  for (const { sql, parameters } of questions) {
    for await (const chunk of store.scan(sql, parameters)) {
      const numbers = Array.from({ length: 6 }, (_none, column) => chunk.numbers(column));
      const [sources, others] = [chunk.texts(6), chunk.texts(7)];
      for (let row = 0; row < chunk.rowCount; row++) {
        const source = sources[row] ?? '';
        const other = others[row] ?? '';
        const key = source === '' ? significantDomain(other) : pairKey(source, other);
        if (keys.has(key)) found.set(key, joined(found.get(key), spanAt(numbers, row)));
      }
    }
  }
  return new Map([...found].map(([key, { first, last }]) => [key, [first.pointer, last.pointer]]));
}

interface Moment {
  readonly time: number;
  readonly pointer: EvidencePointer;
}
interface Span {
  readonly first: Moment;
  readonly last: Moment;
}

function spanAt(columns: readonly Float64Array[], row: number): Span {
  const moment = (from: number): Moment => ({
    time: columns[from]?.[row] ?? 0,
    pointer: { evidence_id: columns[from + 1]?.[row] ?? 0, at: columns[from + 2]?.[row] ?? 0 },
  });
  return { first: moment(0), last: moment(3) };
}

function joined(before: Span | undefined, span: Span): Span {
  if (before === undefined) return span;
  return {
    first: span.first.time < before.first.time ? span.first : before.first,
    last: span.last.time >= before.last.time ? span.last : before.last,
  };
}

/** Undefined when there are no such pairs. */
function pointersOfPairs(
  store: ReadStore,
  table: string,
  other: string,
  pairs: readonly RitaPair[],
): { readonly sql: string; readonly parameters: readonly string[] } | undefined {
  if (pairs.length === 0) return undefined;
  const sources = [...new Set(pairs.map(({ source }) => source))];
  const others = [...new Set(pairs.map(farSide))];
  const isAsked = `source_ip IN (${sources.map(() => '?').join(', ')}) AND ${other} IN (${others.map(() => '?').join(', ')})`;
  return { sql: pointersSql(store, table, 'source_ip', other, isAsked), parameters: [...sources, ...others] };
}

function pointersSql({ macros }: ReadStore, table: string, source: string, other: string, condition: string): string {
  const ends = `${macros.micros('min(time)')}, ${macros.firstBy('evidence_id', 'time')}, ${macros.firstBy('evidence_at', 'time')},
    ${macros.micros('max(time)')}, ${macros.lastBy('evidence_id', 'time')}, ${macros.lastBy('evidence_at', 'time')}`;
  return `SELECT ${ends}, ${source} AS source, ${other} AS other FROM ${table}
    WHERE ${other} IS NOT NULL AND ${condition} GROUP BY source, other`;
}
