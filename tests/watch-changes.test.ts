import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWatch, type RunningWatch } from './support/running-watch.ts';

let folder: string;
let watch: RunningWatch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-changes-'));
  for (const name of ['logs', 'rules']) mkdirSync(join(folder, name));
});
afterEach(async () => {
  await watch?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const ran = (serial: number, program: string): string => {
  const id = `msg=audit(1795657800.123:${serial}):`;
  return [
    `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="${program}" exe="/usr/bin/${program}" key="exec"`,
    `type=EXECVE ${id} argc=1 a0="${program}"`,
    `type=EOE ${id} `,
    '',
  ].join('\n');
};

const rule = (program: string): string =>
  `- rule: ${program} ran\n  desc: ours\n  condition: evt.type = execve and proc.name = ${program}\n  output: ours\n  priority: CRITICAL\n`;

describe('a watch whose files are changed', () => {
  it(
    'judges by new rules, keeps the old ones beside broken ones, and outlives broken suppressions',
    { timeout: 240_000 },
    async () => {
      const [log, rules] = [join(folder, 'logs', 'audit.log'), join(folder, 'rules', 'ours.yaml')];
      writeFileSync(log, ran(1, 'nothing'));
      writeFileSync(rules, rule('alpha'));
      const place = ['--case', join(folder, 'case'), '--rules', join(folder, 'rules'), '--judge-every', '1'];
      watch = startWatch(join(folder, 'logs'), ...place);
      const isTold = (type: string, text: RegExp) => (notices: Record<string, unknown>[]) =>
        notices.some((notice) => notice['type'] === type && text.test(JSON.stringify(notice)));
      await watch.until(isTold('status', /./));
      writeFileSync(rules, rule('alpha') + rule('bravo'));
      await watch.until(isTold('rules', /"loaded".*1 new and 0 gone/));
      appendFileSync(log, ran(2, 'bravo'));
      await watch.until(isTold('alert', /bravo ran/));
      writeFileSync(rules, '- rule: bravo ran\n  condition: (\n');
      await watch.until(isTold('rules', /"refused".*ours\.yaml/));
      writeFileSync(join(folder, 'case', 'suppressions.yaml'), 'suppressions:\n  - reason: no id\n');
      appendFileSync(log, ran(3, 'alpha'));
      await watch.until(isTold('alert', /alpha ran/));
      await watch.until(isTold('problem', /suppressions\.yaml/));
      // Rules that go and come by name, and a request by hand.
      rmSync(rules);
      writeFileSync(rules, rule('charlie'));
      watch.child.kill('SIGHUP');
      await watch.until(isTold('rules', /"loaded".*1 new and 2 gone/));
      appendFileSync(log, ran(4, 'charlie'));
      await watch.until(isTold('alert', /charlie ran/));
      await watch.until(isTold('incident', /charlie ran|new|grown/));
      expect(await watch.end('SIGTERM')).toBe(0);
    },
  );

  it('ends, and records no further, when a sensor that was named cannot run', { timeout: 120_000 }, async () => {
    const engine = join(folder, 'no-engine');
    writeFileSync(engine, '');
    const place = ['--case', join(folder, 'case'), '--sensor', 'process-events', '--engine', engine];
    watch = startWatch(join(folder, 'logs'), ...place);
    const ended = await new Promise((done) => watch?.child.once('exit', done));
    expect([ended, watch.talk()]).toEqual([2, expect.stringContaining('cannot run')]);
  });
});
