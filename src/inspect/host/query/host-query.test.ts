import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEvent } from '../../../events/event.ts';
import { kinds } from '../../../events/kinds/registry.generated.ts';
import { ScratchStore } from '../../../store/duckdb/scratch.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import { TableContext } from '../table-context.ts';
import { runHostQuery, type HostQueryResult } from './host-query.ts';

const flowColumns = [
  { name: 'source_ip', type: 'ip' },
  { name: 'destination_ip', type: 'ip' },
  { name: 'time', type: 'time' },
] as const;

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-query-'));
  const files = {
    'etc/passwd':
      'root:x:0:0:root:/root:/bin/bash\nbad line\nweb:x:33:33:Web:/var/www:/usr/sbin/nologin\nann:x:1000:33:Ann:/home/ann:/bin/bash\n',
    'etc/group': 'root:x:0:\nweb:x:33:ann\n',
    'etc/hosts': '127.0.0.1 localhost\n10.0.0.7 db data # the database\n',
    'home/ann/.ssh/authorized_keys': 'from="10.0.0.0/8" ssh-ed25519 AAAAC3Nz ann@desk\n',
    'home/ann/.bash_history': '#1700000000\nid\ncurl x | sh\n',
    'usr/bin/tool': 'tool',
    'usr/bin/other': 'other',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  chmodSync(join(root, 'usr/bin/tool'), 0o4755);
  symlinkSync('tool', join(root, 'usr/bin/link'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function ask(sql: string, kind: 'live' | 'folder' = 'folder'): Promise<HostQueryResult> {
  const context = new TableContext(new FolderTree(root, kind));
  return runHostQuery(sql, context, { timeoutMs: 20_000, maxRows: 1000 });
}
async function rowsOf(sql: string): Promise<HostQueryResult['rows']> {
  return (await ask(sql)).rows;
}

describe('a table that is not known', () => {
  it('is named with the nearest that is, and no table of the engine', async () => {
    const unknown = ask('SELECT * FROM proceses');
    await expect(unknown).rejects.toMatchObject({
      code: 'STORE_QUERY',
      message: 'there is no table "proceses"',
      hint: expect.stringContaining('did you mean "processes"?'),
    });
  });
});

describe('SQL as osquery takes it', () => {
  // What sqlite3 3.40 answers.
  it.each([
    ["CAST('12abc' AS INTEGER)", 12],
    ["CAST('abc' AS INTEGER)", 0],
    ['CAST(NULL AS INTEGER)', null],
    ["CAST('-1.9' AS INTEGER)", -1],
    ['CAST(3.7 AS INTEGER)', 3],
    ["CAST('3.5x' AS REAL)", 3.5],
    ['CAST(1 = 1 AS INTEGER)', 1],
    ["CAST(CAST('7x' AS INTEGER) + 1 AS REAL)", 8],
    ['typeof(1)', 'integer'],
    ["typeof('a')", 'text'],
    ['typeof(1.5)', 'real'],
    ['typeof(NULL)', 'null'],
    ['hex(12)', '3132'],
    ["hex('ab')", '6162'],
    ["quote('it''s')", "'it''s'"],
    ['char(65, 66)', 'AB'],
    ["format('%s-%d', 'a', 3)", 'a-3'],
    ["datetime(0, 'unixepoch', '+1 day')", '1970-01-02 00:00:00'],
    ["date('2024-03-01', '+7 days')", '2024-03-08'],
    ["date('2024-02-29', 'start of month', '+1 month', '-1 day')", '2024-02-29'],
    ["time('12:34:56')", '12:34:56'],
    [`json_extract('{"a": {"b": ["x"]}}', '$.a.b[0]')`, 'x'],
  ])('%s is %j', async (expression, value) => {
    expect(await rowsOf(`SELECT ${expression}`)).toEqual([[value]]);
  });

  it('means what it means in SQLite', async () => {
    expect(await rowsOf('SELECT username FROM users WHERE username LIKE "A%" OR shell = "none"')).toEqual([['ann']]);
    expect(await rowsOf("SELECT uid FROM users WHERE uid != '' AND username != 5 AND uid = '33'")).toEqual([[33]]);
    expect(await rowsOf("SELECT 7 / 2, CAST('12x' AS INTEGER), max(1, 2), iif(1, 'a', 'b')")).toEqual([
      [3, 12, 2, 'a'],
    ]);
    expect(await rowsOf("SELECT strftime('%s', '1970-01-02'), datetime(86400, 'unixepoch')")).toEqual([
      [86_400, '1970-01-02 00:00:00'],
    ]);
    expect(
      await rowsOf("SELECT date('2024-03-05', 'start of month', '-1 day'), strftime('%Y', 0, 'unixepoch')"),
    ).toEqual([['2024-02-29', '1970']]);
    expect(
      await rowsOf("SELECT regex_match('/a/b', '.*/(.*)', 1), split('a/b:c', '/:', 2), regex_match('x', 'y', 0)"),
    ).toEqual([['b', 'c', null]]);
  });

  it('groups loosely', async () => {
    const grouped = 'SELECT gid, count(*) AS n, username FROM users GROUP BY gid HAVING n > 1';
    expect((await rowsOf(grouped)).map(([gid, n]) => [gid, n])).toEqual([[33, 2]]);
    expect((await rowsOf('SELECT * FROM users GROUP BY gid')).map((row) => row.length)).toEqual([9, 9]);
    expect((await rowsOf('SELECT username AS name, count(*) FROM users u WHERE name LIKE "w%"'))[0]).toEqual([
      'web',
      1,
    ]);
    const { columns } = await ask('SELECT *, count(*) FROM users GROUP BY gid');
    expect(columns.slice(0, 2).map(({ name }) => name)).toEqual(['uid', 'gid']);
  });

  it('shows hidden columns only when they are named', async () => {
    expect((await ask('SELECT * FROM users')).columns.map(({ name }) => name)).not.toContain('include_remote');
    expect((await ask('SELECT *, include_remote FROM users')).columns.map(({ name }) => name)).toContain(
      'include_remote',
    );
  });
});

describe('tables that must be asked for rows', () => {
  const path = '/usr/bin/tool';
  it.each([
    ['a path', `SELECT path FROM file WHERE path = '${path}'`],
    ['several', `SELECT path FROM file WHERE path IN ('${path}', '/none')`],
    ['a pattern', `SELECT path FROM file WHERE path LIKE '/usr/%/tool'`],
    ['everything below', `SELECT path FROM file WHERE path LIKE '/usr/%%' AND filename = 'tool'`],
    ['a folder', `SELECT path FROM file WHERE directory = '/usr/bin' AND mode = '4755' AND symlink = 0`],
    ['one or the other', `SELECT path FROM file WHERE path = '/none' OR directory = '/usr/bin' AND filename = 'tool'`],
    ['a column of another table', `SELECT f.path FROM suid_bin s JOIN file f ON f.path = s.path WHERE f.symlink = 0`],
    [
      'an expression of one',
      `SELECT f.path FROM etc_hosts h JOIN file f ON f.path = '/usr/bin/' || replace(h.hostnames, 'localhost', 'tool') WHERE h.address = '127.0.0.1'`,
    ],
    ['USING', 'SELECT path FROM suid_bin JOIN file USING (path) WHERE symlink = 0'],
    ['a subquery', 'SELECT path FROM file WHERE path IN (SELECT path FROM suid_bin) AND symlink = 0'],
    [
      'WITH',
      `WITH s AS (SELECT path AS p FROM suid_bin) SELECT f.path FROM s JOIN file f ON f.path = s.p WHERE symlink = 0`,
    ],
    [
      'a table that is itself asked',
      `SELECT h.path FROM file f JOIN hash h ON h.path = f.path WHERE f.path LIKE '/usr/bin/to%'`,
    ],
    [
      'a SELECT around it',
      `SELECT path FROM suid_bin s WHERE EXISTS (SELECT 1 FROM file f WHERE f.path = s.path AND f.symlink = 0)`,
    ],
  ])('by %s', async (_what, sql) => {
    expect(await rowsOf(sql)).toEqual([[path]]);
  });

  it('are empty and say why when nothing is asked', async () => {
    const { rows, empty } = await ask('SELECT * FROM file');
    expect(rows).toEqual([]);
    expect(empty).toEqual([{ table: 'file', why: 'a query must fix path or directory' }]);
  });

  it('follow links, and say that they are links', async () => {
    const sql = "SELECT type, symlink, symlink_target_path, mode FROM file WHERE path = '/usr/bin/link'";
    expect(await rowsOf(sql)).toEqual([['regular', 1, 'tool', '4755']]);
  });
});

describe('what cannot be answered', () => {
  it('is told: tables that are not filled, and those of a running machine', async () => {
    const { rows, empty } = await ask('SELECT e.pid FROM process_events e JOIN processes p USING (pid)');
    expect(rows).toEqual([]);
    expect(empty.map(({ table }) => table)).toEqual(['process_events', 'processes']);
  });

  it.each([
    ["SELECT * FROM read_text('/etc/passwd')", /disabled|not supported|permission/i],
    ["COPY users TO '/tmp/x'", /SELECT/i],
    ['SELECT 1; SELECT 2', /one statement/],
    ['SELECT * FROM nothing', /there is no table "nothing"/],
    ['SELECT FROM WHERE', /syntax/i],
    ['SET lock_configuration = false', /SELECT/i],
  ])('%s is refused', async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });
});

it('accounts, keys and histories of a root are read without asking the system', async () => {
  expect(
    await rowsOf('SELECT u.username, k.options, k.comment FROM users u JOIN authorized_keys k USING (uid)'),
  ).toEqual([['ann', 'from="10.0.0.0/8"', 'ann@desk']]);
  expect(await rowsOf('SELECT time, command FROM shell_history WHERE uid = 1000')).toEqual([
    [1_700_000_000, 'id'],
    [0, 'curl x | sh'],
  ]);
  expect(await rowsOf('SELECT hostnames FROM etc_hosts')).toEqual([['localhost'], ['db data']]);
  expect(await rowsOf('SELECT gid FROM user_groups WHERE uid = 1000')).toEqual([[33]]);
});

describe('a case beside the machine', () => {
  /** Answers as the store of a case does, from two tables of its own. */
  async function askWithCase(sql: string): Promise<{ rows: HostQueryResult['rows']; asked: string[] }> {
    const asked: string[] = [];
    const store = await ScratchStore.open();
    const flow = [
      { source_ip: '10.0.0.7', destination_ip: '203.0.113.9', time: 1_700_000_000_000_000 },
      { source_ip: '10.0.0.8', destination_ip: '203.0.113.9', time: 1_700_000_001_000_000 },
    ];
    await store.createTable('flow', flowColumns);
    await store.append('flow', flowColumns, flow);
    const names = Object.keys(kinds.process.columns).map((name) => ({
      name,
      type: kinds.process.columns[name as 'time'].type,
    }));
    await store.createTable('process', names);
    const event = {
      ...newEvent('process'),
      event_action: 'exec',
      process_pid: 7,
      process_executable: '/usr/bin/tool',
      time: 1e15,
    };
    await store.append('process', names, [event, { ...event, event_action: 'exit' }]);
    const source = {
      ask: (question: string, maxRows: number) => {
        asked.push(question);
        return store.userQuery(question, { timeoutMs: 20_000, maxRows });
      },
    };
    const context = new TableContext(new FolderTree(root, 'folder'), undefined, { case: source });
    const { rows } = await runHostQuery(sql, context, { timeoutMs: 20_000, maxRows: 1000 });
    store.close();
    return { rows, asked };
  }

  it('is joined with the tables of the machine, and asked only for what the query can want', async () => {
    const { rows, asked } = await askWithCase(
      'SELECT e.hostnames, f.destination_ip, f.time FROM etc_hosts e JOIN flow f ON f.source_ip = e.address',
    );
    expect(rows).toEqual([['db data', '203.0.113.9', '2023-11-14 22:13:20']]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/"source_ip" AS VARCHAR\) IN \('(?:10\.0\.0\.7|127\.0\.0\.1)', '/);
    expect(asked[0]).not.toContain('network_transport');
  });

  it('keeps rows without a partner in outer joins', async () => {
    const join = async (sql: string) => (await askWithCase(`SELECT f.source_ip, e.hostnames ${sql} ORDER BY 1`)).rows;
    const all = [
      ['10.0.0.7', 'db data'],
      ['10.0.0.8', null],
    ];
    expect(await join('FROM flow f LEFT JOIN etc_hosts e ON f.source_ip = e.address')).toEqual(all);
    expect(await join('FROM etc_hosts e RIGHT JOIN flow f ON f.source_ip = e.address')).toEqual(all);
    expect(await join('FROM etc_hosts e JOIN flow f ON f.source_ip = e.address')).toEqual(all.slice(0, 1));
  });

  it('compares numbers as numbers', async () => {
    for (const [pid, isAsked] of [
      ["'7'", true],
      ["'07'", true],
      ['7.0', false],
    ] as const) {
      const { rows, asked } = await askWithCase(`SELECT process_name FROM process WHERE process_pid = ${pid}`);
      expect([pid, rows.length, asked[0]?.includes(' IN (')]).toEqual([pid, 2, isAsked]);
    }
  });

  it('fills the event tables of osquery', async () => {
    const sql = 'SELECT p.pid, p.time, p.syscall, s.path FROM process_events p JOIN suid_bin s ON s.path = p.path';
    expect((await askWithCase(sql)).rows).toEqual([[7, 1_000_000_000, 'execve', '/usr/bin/tool']]);
  });

  it('of which two tables ask each other holds the rows of both', async () => {
    const sql = 'SELECT count(*) FROM process_events a JOIN process b ON a.pid = b.process_pid';
    expect((await askWithCase(sql)).rows).toEqual([[2]]);
  });

  it('is missed aloud where there is none', async () => {
    const { empty, rows } = await ask('SELECT pid FROM process_events');
    expect(rows).toEqual([]);
    expect(empty).toEqual([{ table: 'process_events', why: expect.stringContaining('no case') as string }]);
  });
});
