import type { ReadStore } from '../../store/store.ts';
import type { Contact } from './contact.ts';

/** Channels as the store holds them, in the order in which they began. */
export async function* readContacts(store: ReadStore): AsyncGenerator<Contact> {
  const m = store.macros;
  const sql = `SELECT kind, source, place, country, asn, ${m.micros('first_seen')} AS first, ${m.micros('last_seen')} AS last, days, calls
    FROM channel ORDER BY first_seen, kind, source, place`;
  for await (const chunk of store.scan(sql)) {
    const texts = [0, 1, 2, 3].map((column) => chunk.texts(column));
    const numbers = [4, 5, 6, 7, 8].map((column) => chunk.numbers(column));
    const text = (column: number, at: number): string | null => texts[column]?.[at] ?? null;
    const number = (column: number, at: number): number => numbers[column]?.[at] ?? 0;
    for (let at = 0; at < chunk.rowCount; at++) {
      const asn = number(0, at);
      yield {
        kind: text(0, at) === 'program' ? 'program' : 'machine',
        source: text(1, at) ?? '',
        place: text(2, at) ?? '',
        country: text(3, at),
        asn: Number.isNaN(asn) ? null : asn,
        first: number(1, at),
        last: number(2, at),
        days: number(3, at),
        calls: number(4, at),
      };
    }
  }
}

/** Machines and programs that have channels, and those of them that were seen for so long, in µs. */
export async function countSources(store: ReadStore, micros: number): Promise<{ sources: number; learnt: number }> {
  const m = store.macros;
  const [row] = await store.query(`SELECT count(*) AS sources, ${m.countIf(`seen >= ${micros}`)} AS learnt FROM (
    SELECT ${m.micros('max(last_seen)')} - ${m.micros('min(first_seen)')} AS seen FROM channel GROUP BY kind, source) AS s`);
  return { sources: Number(row?.['sources'] ?? 0), learnt: Number(row?.['learnt'] ?? 0) };
}
