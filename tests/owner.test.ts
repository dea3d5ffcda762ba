import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../src/cli/main.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function auditLog(from: number, to: number): string {
  let text = '';
  for (let serial = from; serial < to; serial++) {
    const id = `msg=audit(${1_773_100_800 + Math.floor(serial / 100)}.${String(serial % 1000).padStart(3, '0')}:${serial}):`;
    text += `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key="exec"\n`;
    text += `type=EXECVE ${id} argc=1 a0="ls"\n`;
  }
  return text;
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, ...args, '--case', join(folder, 'case')], { encoding: 'utf8' });
}

describe('one process owns the case', () => {
  it('answers hunts and takes evidence of other processes while it reads', async () => {
    writeFileSync(join(folder, 'a.log'), auditLog(1, 120_001));
    writeFileSync(join(folder, 'b.log'), auditLog(200_001, 200_101));
    const caseFolder = join(folder, 'case');
    const owner = spawn(
      process.execPath,
      [main, 'investigate', join(folder, 'a.log'), '--case', caseFolder, '--only', 'none'],
      { stdio: 'ignore' },
    );
    const ended = new Promise((done) => owner.once('exit', done));
    while (!existsSync(join(caseFolder, 'owner.sock'))) await sleep(20);
    expect(statSync(join(caseFolder, 'owner.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(caseFolder).mode & 0o077).toBe(0);

    const hunt = run('hunt', 'SELECT count(*) AS n FROM process', '--json');
    expect(hunt).toMatchObject({ status: 0, stderr: '' });
    const refused = run('hunt', 'DELETE FROM hot.process');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('QUERY_REFUSED');
    const second = run('investigate', join(folder, 'b.log'), '--only', 'none', '--json', '-q');
    expect(second.status).toBe(0);
    await ended;

    const after = JSON.parse(run('hunt', 'SELECT count(*) AS n FROM process', '--json').stdout) as { rows: unknown };
    expect(after.rows).toEqual([{ n: 120_100 }]);
    expect(existsSync(join(caseFolder, 'owner.sock'))).toBe(false);
  }, 120_000);

  it('works where the path is too long for a socket, and where a killed owner left one', () => {
    const deep = join(folder, 'x'.repeat(60), 'y'.repeat(60));
    writeFileSync(join(folder, 'a.log'), auditLog(1, 11));
    const args = ['investigate', join(folder, 'a.log'), '--case', deep, '--only', 'none', '-q'];
    expect(spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' }).status).toBe(0);
    writeFileSync(join(folder, 'stale'), '');
    expect(run('investigate', join(folder, 'a.log'), '--only', 'none', '-q').status).toBe(0);
    writeFileSync(join(folder, 'case', 'owner.sock'), 'left behind');
    expect(run('report', '--json').status).toBe(0);
  }, 60_000);

  it('exports all rows to where its user wants them', () => {
    writeFileSync(join(folder, 'a.log'), auditLog(1, 2001));
    run('investigate', join(folder, 'a.log'), '--only', 'none', '-q');
    const csv = join(folder, 'out.csv');
    expect(
      run('hunt', 'SELECT process_pid FROM process', '--format', 'csv', '--output', csv, '--limit', '5').stderr,
    ).toContain('2000 rows');
    const parquet = join(folder, 'out.parquet');
    expect(run('hunt', 'SELECT * FROM process', '--format', 'parquet', '--output', parquet).status).toBe(0);
    expect(statSync(parquet).size).toBeGreaterThan(1000);
    expect(run('hunt', 'SELECT 1', '--format', 'parquet').stderr).toContain('name a file');
  }, 60_000);
});
