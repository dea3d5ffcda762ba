import { describe, expect, it } from 'vitest';
import { event, withEvents } from '../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../events/event.ts';

const flows = (count: number, port: number): VakthundEvent[] =>
  Array.from({ length: count }, (_none, index) =>
    event('flow', { destination_port: port, evidence_at: index + 1, source_ip: `10.0.0.${index % 200}` }),
  );
const progress = { byte: 1, line: 1, state: null, isComplete: true };
const totals = `SELECT destination_port AS port, count(*)::BIGINT AS n, sum(evidence_at)::BIGINT AS places,
  count(DISTINCT source_ip)::BIGINT AS sources FROM flow GROUP BY ALL ORDER BY port`;
const sumTo = (count: number): number => (count * (count + 1)) / 2;

describe('a batch of events', () => {
  it('holds rows of all kinds until they are committed, and is empty then', async () => {
    await withEvents([], async (store) => {
      const [{ evidence_id: id } = { evidence_id: 1 }] = await store.evidence();
      const batch = store.newBatch(id);
      // More than a vector, so some wait as columns and some as objects; the second commit uses the first one's memory again.
      for (const [count, port] of [
        [5000, 1],
        [3000, 2],
      ] as const) {
        batch.add(flows(count, port));
        batch.add([event('dns', { dns_question_name: `of ${port}` })]);
        expect(batch.count).toBe(count + 1);
        await store.commit({ evidenceId: id, events: batch, problems: [], progress });
        expect(batch.count).toBe(0);
      }
      expect(await store.query(totals)).toEqual([
        { port: 1, n: 5000, places: sumTo(5000), sources: 200 },
        { port: 2, n: 3000, places: sumTo(3000), sources: 200 },
      ]);
      expect(await store.query('SELECT dns_question_name AS name FROM dns ORDER BY name')).toEqual([
        { name: 'of 1' },
        { name: 'of 2' },
      ]);
      expect(await store.count('flow')).toBe(8000);
    });
  });

  it('makes a part of a kind that fills one, and hot rows of the others', async () => {
    await withEvents([], async (store) => {
      const batch = store.newBatch(1);
      batch.add(flows(10_001, 1));
      batch.add([event('dns', { dns_question_name: 'hot' })]);
      await store.commit({ evidenceId: 1, events: batch, problems: [], progress });
      expect(await store.query('SELECT kind, row_count FROM part')).toEqual([{ kind: 'flow', row_count: 10_001 }]);
      expect(await store.query('SELECT count(*)::BIGINT AS n FROM hot.dns')).toEqual([{ n: 1 }]);
      expect(await store.query(totals)).toEqual([{ port: 1, n: 10_001, places: sumTo(10_001), sources: 200 }]);
    });
  });

  it('leaves columns that are null in all rows out of a part, whatever the part before had', async () => {
    await withEvents([], async (store) => {
      const batch = store.newBatch(1);
      const few = flows(10_000, 1).map((row) => ({ ...row, source_ip: null }) as VakthundEvent);
      for (const rows of [flows(10_000, 2), few]) {
        batch.add(rows);
        await store.commit({ evidenceId: 1, events: batch, problems: [], progress });
      }
      expect(
        await store.query(
          `SELECT destination_port AS port, count(source_ip)::BIGINT AS addresses, count(uid)::BIGINT AS uids,
             count(evidence_at)::BIGINT AS places FROM flow GROUP BY ALL ORDER BY port`,
        ),
      ).toEqual([
        { port: 1, addresses: 0, uids: 0, places: 10_000 },
        { port: 2, addresses: 10_000, uids: 0, places: 10_000 },
      ]);
    });
  });
});
