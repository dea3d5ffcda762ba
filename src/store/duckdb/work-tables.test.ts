import { describe, expect, it } from 'vitest';
import { event, withEvents } from '../../../tests/support/event-store.ts';

const flows = [1, 2, 3].map((port) => event('flow', { source_ip: '10.0.0.5', destination_port: port }));
const ports = { name: 'ports', sql: 'SELECT destination_port AS port FROM flow' };
const high = { name: 'high', sql: 'SELECT port FROM ports WHERE port > 1' };

describe('withTables', () => {
  it('makes tables that later ones and all questions of the work can read, and nobody after it', async () => {
    await withEvents(flows, async (store) => {
      const sum = await store.withTables([ports, high], async (tables) => {
        const [row] = await tables.query('SELECT sum(port)::BIGINT AS n FROM high WHERE port < ?', [9]);
        expect(await tables.count('flow')).toBe(3);
        return row?.['n'];
      });
      expect(sum).toBe(5);
      await expect(store.query('SELECT * FROM ports')).rejects.toThrow(/ports/);
    });
  });

  it('lets work that is under way make more of them, which go first', async () => {
    await withEvents(flows, async (store) => {
      await store.withTables([ports], async (tables) => {
        const inner = await tables.withTables([high], (both) => both.query('SELECT * FROM high, ports'));
        expect(inner).toHaveLength(6);
        await expect(tables.query('SELECT * FROM high')).rejects.toThrow(/high/);
        expect(await tables.query('SELECT * FROM ports')).toHaveLength(3);
      });
    });
  });

  it('refuses a question beside a scan that is not at its end, which would be cut off, and takes one after it', async () => {
    await withEvents(flows, async (store) => {
      await store.withTables([ports], async (tables) => {
        for await (const chunk of tables.scan('SELECT port FROM ports ORDER BY port')) {
          expect([...chunk.numbers(0)]).toEqual([1, 2, 3]);
          await expect(tables.query('SELECT 1')).rejects.toThrow(/not read to its end/);
        }
        expect(await tables.query('SELECT 1')).toHaveLength(1);
      });
    });
  });

  it('leaves nothing behind when a table cannot be made or the work fails', async () => {
    await withEvents(flows, async (store) => {
      const wrong = { name: 'wrong', sql: 'SELECT nothing FROM ports' };
      await expect(store.withTables([ports, wrong], async () => 1)).rejects.toThrow(/nothing/);
      const failing = store.withTables([ports], async () => {
        throw new Error('not today');
      });
      await expect(failing).rejects.toThrow(/not today/);
      expect(await store.withTables([ports], (tables) => tables.query('SELECT * FROM ports'))).toHaveLength(3);
    });
  });
});
