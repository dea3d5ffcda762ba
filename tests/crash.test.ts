import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** How often the process is killed; the nightly run asks for more. */
const kills = Number(process.env['VAKTHUND_KILLS'] ?? 6);
const main = join(import.meta.dirname, '../src/cli/main.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A conn.log whose rows carry their number as a port pair, so that a lost or doubled row shows. */
function connLog(rows: number): string {
  const fields = [
    'ts',
    'uid',
    'id.orig_h',
    'id.orig_p',
    'id.resp_h',
    'id.resp_p',
    'proto',
    'service',
    'duration',
    'orig_bytes',
    'resp_bytes',
    'conn_state',
  ];
  const types = [
    'time',
    'string',
    'addr',
    'port',
    'addr',
    'port',
    'enum',
    'string',
    'interval',
    'count',
    'count',
    'string',
  ];
  const lines = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', '#path\tconn'];
  lines.push(`#fields\t${fields.join('\t')}`, `#types\t${types.join('\t')}`);
  for (let row = 0; row < rows; row++) {
    lines.push(
      `${1_773_100_800 + row / 100}\tC${row}\t10.0.0.5\t${row % 60_000}\t203.0.113.9\t443\ttcp\tssl\t1.5\t${row}\t7\tSF`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function auditLog(events: number): string {
  let text = '';
  for (let serial = 1; serial <= events; serial++) {
    const id = `msg=audit(${1_773_100_800 + Math.floor(serial / 100)}.${String(serial % 1000).padStart(3, '0')}:${serial}):`;
    text += `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key="exec"\n`;
    text += `type=EXECVE ${id} argc=1 a0="ls"\n`;
  }
  return text;
}

async function killSometimes(args: readonly string[]): Promise<number> {
  let killed = 0;
  for (let round = 0; round < kills; round++) {
    const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
    const ended = new Promise<boolean>((done) => child.once('exit', (_code, signal) => done(signal === 'SIGKILL')));
    await Promise.race([sleep(300 + ((round * 377) % 1500)), ended]);
    child.kill('SIGKILL');
    if (await ended) killed++;
  }
  return killed;
}

function counts(caseFolder: string, sql: string): unknown {
  const hunt = spawnSync(process.execPath, [main, 'hunt', sql, '--json', '--case', caseFolder], { encoding: 'utf8' });
  expect(hunt.stderr).toBe('');
  return (JSON.parse(hunt.stdout) as { rows: unknown[] }).rows[0];
}

describe('killed with -9 while it reads', () => {
  it.each([
    [
      'row by row',
      'audit.log',
      auditLog(60_000),
      'SELECT count(*) AS n, count(DISTINCT process_pid) AS d FROM process',
      60_000,
    ],
    [
      'by columns',
      'conn.log',
      connLog(300_000),
      'SELECT count(*) AS n, count(DISTINCT source_payload_bytes) AS d FROM flow',
      300_000,
    ],
  ])(
    'loses and doubles nothing, %s',
    async (_how, name, text, sql, rows) => {
      mkdirSync(join(folder, 'logs'));
      writeFileSync(join(folder, 'logs', name), text);
      const caseFolder = join(folder, 'case');
      const args = ['investigate', join(folder, 'logs'), '--case', caseFolder, '--only', 'none'];
      const killed = await killSometimes(args);
      expect(killed).toBeGreaterThan(0);
      const last = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
      expect(last.status).toBe(0);
      expect(counts(caseFolder, sql)).toEqual({ n: rows, d: rows });
    },
    300_000 + kills * 20_000,
  );
});
