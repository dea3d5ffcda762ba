import type { EvidencePointer } from '../../events/finding.ts';
import type { ReadStore } from '../../store/store.ts';
import { pairKey } from './pairs.ts';
import { significantDomain } from './subdomains.ts';

/** First and last record behind each key that is asked for: a pair's key, or a domain by itself. */
export async function readPointers(
  store: ReadStore,
  keys: ReadonlySet<string>,
): Promise<Map<string, EvidencePointer[]>> {
  const found = new Map<string, { pointer: EvidencePointer; time: number }[]>();
  const { macros } = store;
  const ends = `${macros.micros('min(time)')}, ${macros.firstBy('evidence_id', 'time')}, ${macros.firstBy('evidence_at', 'time')},
    ${macros.micros('max(time)')}, ${macros.lastBy('evidence_id', 'time')}, ${macros.lastBy('evidence_at', 'time')}`;
  const from = (table: string, source: string, other: string): string =>
    `SELECT ${ends}, ${source} AS source, ${other} AS other FROM ${table} WHERE ${other} IS NOT NULL GROUP BY source, other`;
  const queries = [
    from('flow', 'source_ip', 'destination_ip'),
    from('http', 'source_ip', 'coalesce(http_host, url_domain)'),
    from('tls', 'source_ip', 'tls_client_server_name'),
    from('dns', "''", 'dns_question_name'),
  ];
  for (const sql of queries) {
    for await (const chunk of store.scan(sql)) {
      const numbers = Array.from({ length: 6 }, (_none, column) => chunk.numbers(column));
      const [sources, others] = [chunk.texts(6), chunk.texts(7)];
      for (let row = 0; row < chunk.rowCount; row++) {
        const source = sources[row] ?? '';
        const other = others[row] ?? '';
        const key = source === '' ? significantDomain(other) : pairKey(source, other);
        if (!keys.has(key)) continue;
        const [firstTime = 0, firstId = 0, firstAt = 0, lastTime = 0, lastId = 0, lastAt = 0] = numbers.map(
          (column) => column[row],
        );
        const list = [
          ...(found.get(key) ?? []),
          { time: firstTime, pointer: { evidence_id: firstId, at: firstAt } },
          { time: lastTime, pointer: { evidence_id: lastId, at: lastAt } },
        ].sort((a, b) => a.time - b.time);
        const [first] = list;
        const last = list.at(-1);
        if (first !== undefined && last !== undefined) found.set(key, [first, last]);
      }
    }
  }
  return new Map([...found].map(([key, list]) => [key, list.map((entry) => entry.pointer)]));
}
