import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteFile, type SqliteValue } from './sqlite-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-sqlite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, fill: (database: DatabaseSync) => void): { bytes: Buffer; wal: Buffer | undefined } {
  const path = join(folder, name);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous=off');
  fill(database);
  const mode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const wal = mode === 'wal' ? readFileSync(`${path}-wal`) : undefined;
  const bytes = readFileSync(path);
  database.close();
  return { bytes, wal };
}

function rowsOf(file: SqliteFile | string, table: string): SqliteValue[][] {
  if (typeof file === 'string') throw new Error(file);
  const root = file.rootOf(table);
  return root === undefined ? [] : [...file.rows(root, 2 ** 24)];
}

/** The same bytes for the same seed. */
function blob(length: number, seed: number): Buffer {
  return Buffer.alloc(length, Buffer.from(Array.from({ length: 251 }, (_none, index) => (index + seed) % 251)));
}

describe('an SQLite file', () => {
  it.each([512, 4096, 65_536])('with pages of %i bytes gives all rows, long ones too', (pageSize) => {
    const lengths = Array.from({ length: 400 }, (_none, index) => (index * index * 7) % 20_000);
    const { bytes } = fileOf(`pages-${pageSize}`, (database) => {
      database.exec(
        `PRAGMA page_size=${pageSize}; CREATE TABLE other (a); CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)`,
      );
      const insert = database.prepare('INSERT INTO t (b) VALUES (?)');
      database.exec('BEGIN');
      for (const [index, length] of lengths.entries()) insert.run(blob(length, index));
      database.exec('COMMIT');
    });
    const file = SqliteFile.open(bytes);
    const rows = rowsOf(file, 't');
    expect(rows.map(([id]) => id)).toEqual(lengths.map((_length, index) => index + 1));
    expect(rows.every(([, data], index) => blob(lengths[index] ?? 0, index).equals(data as Buffer))).toBe(true);
    expect(typeof file === 'string' ? file : file.fault).toBeUndefined();
  });

  it('gives values of every type', () => {
    const { bytes } = fileOf('types', (database) => {
      database.exec('CREATE TABLE t (a, b, c, d, e, f, g)');
      database.exec(`INSERT INTO t VALUES ('å', -1, 70000, 1.5, 0, NULL, 9007199254740993)`);
    });
    expect(rowsOf(SqliteFile.open(bytes), 't')).toEqual([['å', -1, 70_000, 1.5, 0, null, 9_007_199_254_740_993n]]);
  });

  it('is seen with what its write-ahead log has committed', () => {
    const { bytes, wal } = fileOf('wal', (database) => {
      database.exec('PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (a)');
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.exec(`INSERT INTO t VALUES ('new')`);
    });
    expect(rowsOf(SqliteFile.open(bytes), 't')).toEqual([]);
    expect(rowsOf(SqliteFile.open(bytes, wal), 't')).toEqual([['new']]);
    expect(rowsOf(SqliteFile.open(bytes, wal?.subarray(0, 1000)), 't')).toEqual([]);
  });

  it('that is damaged gives what is whole, ends, and says so', () => {
    const { bytes } = fileOf('damaged', (database) => {
      database.exec('PRAGMA page_size=512; CREATE TABLE t (b BLOB); BEGIN');
      for (let index = 0; index < 200; index++) database.prepare('INSERT INTO t VALUES (?)').run(blob(1500, index));
      database.exec('COMMIT');
    });
    const faults = new Set<string | undefined>();
    for (let page = 1; page < bytes.length / 512; page++) {
      const broken = Buffer.from(bytes);
      // The pointers of a page lead back to the table's root.
      broken.fill(Buffer.from([0, 0, 0, 2]), page * 512, page * 512 + 40);
      const file = SqliteFile.open(broken);
      expect(rowsOf(file, 't').length).toBeLessThanOrEqual(200);
      faults.add(typeof file === 'string' ? file : file.fault);
    }
    expect([...faults].filter((fault) => /missing or used twice/.test(fault ?? ''))).not.toEqual([]);
    expect([...faults].filter((fault) => /no page of a table/.test(fault ?? ''))).not.toEqual([]);
    expect(SqliteFile.open(Buffer.alloc(1000))).toBe('it is no SQLite file');
    expect(SqliteFile.open(bytes.subarray(0, 600))).toBeInstanceOf(SqliteFile);
  });
});
