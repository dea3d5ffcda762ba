import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { textRows } from '../../../src/inspect/host/query/run-pack.ts';
import { runHostQuery } from '../../../src/inspect/host/query/host-query.ts';
import { TableContext } from '../../../src/inspect/host/table-context.ts';
import { hostTables } from '../../../src/inspect/host/tables/registry.generated.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../src/inspect/tree/tree.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { unpackTar } from './host-roots/unpack.ts';

/**
 * What osqueryi answered inside an infected root against our answers about the same root from outside: base layer and infected
 * layer over each other. A case is a recorded row. Files that the recorded root had and the pruned archive has not are left out, as
 * is what needs root where the suite does not run as root.
 */
type Rows = readonly Readonly<Record<string, string>>[];

const limits = { timeoutMs: 60_000, maxRows: 1_000_000 };

/** The table that a recorded answer is of: `file_etc_cron` is one of `file`. Undefined when it is a count or the like. */
function tableOf(key: string): string | undefined {
  const parts = key.split('_');
  for (let count = parts.length; count > 0; count--) {
    const name = parts.slice(0, count).join('_');
    if (name in hostTables) return name;
  }
  return undefined;
}

/** Tables that belong to users were asked through them, as osquery's manual says: each account of a number gives the rows again. */
function sqlFor(table: string, columns: readonly string[], rows: Rows): string {
  const list = columns.map((column) => `t."${column}"`).join(', ');
  if (table === 'file' || table === 'hash') {
    const paths = rows.map(({ path = '' }) => `'${path.replaceAll("'", "''")}'`).join(', ');
    return `SELECT ${list} FROM ${table} t WHERE t.path IN (${paths})`;
  }
  const isOfUsers = ['authorized_keys', 'ssh_configs', 'user_ssh_keys', 'known_hosts', 'shell_history'].includes(table);
  return `SELECT ${list} FROM ${isOfUsers ? `users u JOIN ${table} t ON t.uid = u.uid` : `${table} t`}`;
}

/** Columns whose source the pruned root does not have any more. */
function untold(table: string, tree: FileTree): readonly string[] {
  if (table !== 'apt_sources' || tree.stat('/var/lib/apt/lists') !== undefined) return [];
  return ['release', 'version', 'maintainer', 'components', 'architectures'];
}

async function compare(key: string, rows: Rows, tree: FileTree): Promise<SuiteResult> {
  const table = tableOf(key);
  const [first] = rows;
  if (table === undefined || (first !== undefined && !Object.keys(first).some((name) => isColumn(table, name)))) {
    return { total: 0, passed: 0, skipped: 0, failed: [], skips: [] };
  }
  const hidden = untold(table, tree);
  const columns = Object.keys(first ?? { '*': '' }).filter((column) => !hidden.includes(column));
  const sql = first === undefined ? `SELECT * FROM ${table}` : sqlFor(table, columns, rows);
  const result = await runHostQuery(sql, new TableContext(tree), limits);
  const got = new Map<string, number>();
  const keyOf = (row: Readonly<Record<string, string>>): string =>
    JSON.stringify(columns.map((column) => row[column] ?? ''));
  for (const row of textRows(result)) got.set(keyOf(row), (got.get(keyOf(row)) ?? 0) + 1);
  const failed: SuiteFailure[] = [];
  const skips: SuiteSkip[] = [];
  for (const row of rows) {
    const count = got.get(keyOf(row)) ?? 0;
    if (count > 0) got.set(keyOf(row), count - 1);
    else if (row['path'] !== undefined && tree.stat(row['path']) === undefined) {
      skips.push({
        case: `${key}: ${row['path']}`,
        why: 'the recorded root was pruned: the file is not in it any more',
      });
    } else failed.push({ case: `${key}: row`, got: 'no such row', want: JSON.stringify(row) });
  }
  const surplus = [...got].filter(([, count]) => count > 0);
  for (const [row] of surplus) failed.push({ case: `${key}: row`, got: row, want: 'no such row' });
  const total = rows.length + surplus.length;
  return { total, passed: total - skips.length - failed.length, skipped: skips.length, failed, skips };
}

function isColumn(table: string, name: string): boolean {
  return name in ((hostTables as Record<string, { columns: object }>)[table]?.columns ?? {});
}

async function runRoot(expected: string): Promise<SuiteResult[]> {
  const { osquery } = JSON.parse(gunzipSync(readFileSync(expected)).toString('utf8')) as {
    osquery: Record<string, Rows>;
  };
  const folder = await mkdtemp(join(tmpdir(), 'vakthund-root-'));
  try {
    const beside = dirname(expected);
    const layers = globSync(['*-base-*.tar.gz', '*-upper.tar.gz'], { cwd: beside }).sort();
    for (const layer of layers) await unpackTar(join(beside, layer), folder);
    const tree = new FolderTree(folder, 'folder');
    const results: SuiteResult[] = [];
    for (const [key, rows] of Object.entries(osquery)) results.push(await compare(key, rows, tree));
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const suite: Suite = {
  id: 'host/rootfs',
  async run(corpus): Promise<SuiteResult> {
    const files = globSync('host/rootfs/*-expected.json.gz', { cwd: corpus }).sort();
    const results: SuiteResult[] = [];
    for (const file of files) results.push(...(await runRoot(join(corpus, file))));
    const sum = (key: 'total' | 'passed' | 'skipped'): number => results.reduce((all, result) => all + result[key], 0);
    return {
      total: sum('total'),
      passed: sum('passed'),
      skipped: sum('skipped'),
      failed: results.flatMap((result) => result.failed),
      skips: results.flatMap(({ skips = [] }) => skips),
    };
  },
};
