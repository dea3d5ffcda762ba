import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { kindIds } from '../../events/event.ts';
import { HotRows } from './hot-rows.ts';

it('asks the tables once, and later only those of which enough has come', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('CREATE SCHEMA hot');
  for (const kind of kindIds) await connection.run(`CREATE TABLE hot."${kind}" AS SELECT 1 AS n FROM range(3)`);
  const hot = new HotRows();
  expect(await hot.kindsBeyond(3, connection)).toEqual([]);
  // Whoever asked now would see four of each kind.
  for (const kind of kindIds) await connection.run(`INSERT INTO hot."${kind}" VALUES (1)`);
  hot.added('dns', 1);
  expect(await hot.kindsBeyond(3, connection)).toEqual(['dns']);
  await connection.run('DELETE FROM hot.dns');
  expect(await hot.kindsBeyond(3, connection)).toEqual([]);
});
