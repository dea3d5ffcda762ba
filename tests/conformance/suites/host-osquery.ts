import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { readPacks } from '../../../src/inspect/host/query/pack.ts';
import { runHostQuery } from '../../../src/inspect/host/query/host-query.ts';
import { TableContext } from '../../../src/inspect/host/table-context.ts';
import { hostTables } from '../../../src/inspect/host/tables/registry.generated.ts';
import { unfilledTables } from '../../../src/inspect/host/unfilled-tables.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import { unpackTar } from './host-roots/unpack.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/**
 * Queries that others wrote for osquery, run on the machine that runs the suite: each of a pack that is for Linux, each file of
 * the query collections, and the schema of osquery itself (each table must be there with its columns in order). A query passes
 * when it runs to its end; what it finds is not judged.
 */
interface Case {
  readonly name: string;
  readonly sql: string;
}

const limits = { timeoutMs: 120_000, maxRows: 100_000 };

function packCases(corpus: string): Case[] {
  return globSync('host/osquery/packs/*.conf', { cwd: corpus })
    .sort()
    .flatMap((path) =>
      readPacks(readFileSync(join(corpus, path), 'utf8'), basename(path, '.conf'), {
        distribution: 'debian',
        hostName: 'localhost',
      }),
    )
    .flatMap((pack) =>
      pack.queries.flatMap(({ name, sql, skipped }) =>
        skipped === undefined ? [{ name: `${pack.name} ${name}`, sql }] : [],
      ),
    );
}

async function collectionCases(corpus: string): Promise<Case[]> {
  const cases: Case[] = [];
  for (const archive of globSync('host/osquery/*.tar.gz', { cwd: corpus }).sort()) {
    const folder = await mkdtemp(join(tmpdir(), 'vakthund-queries-'));
    try {
      await unpackTar(join(corpus, archive), folder);
      for (const path of globSync('**/*.sql', { cwd: folder }).sort()) {
        cases.push({ name: path, sql: await readFile(join(folder, path), 'utf8') });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return cases;
}

/** Each table of `CREATE TABLE name(columns…)` against ours: names, order and kind of the columns. */
function schemaFailures(corpus: string): { total: number; failed: SuiteFailure[] } {
  const failed: SuiteFailure[] = [];
  let total = 0;
  for (const path of globSync('host/osquery/*schema.sql', { cwd: corpus })) {
    for (const line of readFileSync(join(corpus, path), 'utf8').split('\n')) {
      const parts = /^CREATE (?:TABLE|VIRTUAL TABLE|VIEW) (?<name>\w+)\((?<body>.*)$/.exec(line)?.groups;
      if (parts === undefined) continue;
      total++;
      const name = parts['name'] ?? '';
      const want = readColumns(parts['body']?.split('PRIMARY KEY')[0] ?? '');
      const got = ownColumns(name);
      if (got !== want) failed.push({ case: `table ${name}`, got, want });
    }
  }
  return { total, failed };
}

function readColumns(body: string): string {
  const columns = [...body.matchAll(/`(?<name>\w+)` (?<type>(?:UNSIGNED )?\w+)(?: COLLATE \w+)?(?<hidden> HIDDEN)?/g)];
  const text = (isHidden: boolean): string =>
    columns
      .filter(({ groups }) => (groups?.['hidden'] !== undefined) === isHidden)
      .map(({ groups }) => `${groups?.['name']} ${groups?.['type']?.replace('UNSIGNED ', '').toLowerCase()}`)
      .join(', ');
  return `${text(false)} | ${text(true)}`;
}

function ownColumns(name: string): string {
  const filled = (hostTables as Record<string, { columns: object; hidden?: object } | undefined>)[name];
  const known = filled ?? unfilledTables.get(name);
  const text = (columns: object = {}): string =>
    Object.entries(columns)
      .map(([column, type]) => `${column} ${type}`)
      .join(', ');
  return known === undefined ? 'no such table' : `${text(known.columns)} | ${text(known.hidden)}`;
}

export const suite: Suite = {
  id: 'host/osquery',
  async run(corpus): Promise<SuiteResult> {
    const packs = packCases(corpus);
    const collections = await collectionCases(corpus);
    const { total: tables, failed } = schemaFailures(corpus);
    let emptyTables = 0;
    for (const { name, sql } of [...packs, ...collections]) {
      try {
        const { empty } = await runHostQuery(sql, new TableContext(new FolderTree('/')), limits);
        if (empty.length > 0) emptyTables++;
      } catch (error) {
        failed.push({ case: name, got: messageOf(error).split('\n', 1)[0] ?? '', want: 'a query that runs' });
      }
    }
    const total = packs.length + collections.length + tables;
    const figures = {
      'pack queries': packs.length,
      'collected queries': collections.length,
      tables,
      'tables filled': Object.keys(hostTables).length,
      'queries over a table that is not filled': emptyTables,
    };
    return { total, passed: total - failed.length, skipped: 0, failed, figures };
  },
};
