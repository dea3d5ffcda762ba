import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { event } from '../../../tests/support/event-store.ts';
import { loadRuleSets } from '../search-rules.ts';
import { LiveRules } from './live-rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-live-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('rules over events as they come', () => {
  it('all speak that match: the shipped ones do not hide those that somebody adds', () => {
    const rule = (name: string): string =>
      `- rule: ${name}\n  desc: ours\n  condition: evt.type = execve and proc.exepath startswith /dev/shm/\n  output: ours\n  priority: NOTICE\n`;
    writeFileSync(join(folder, 'ours.yaml'), rule('First of ours') + rule('Second of ours'));
    const rules = new LiveRules(loadRuleSets([join(folder, 'ours.yaml')]));
    const dropped = event('process', {
      event_action: 'exec',
      event_dataset: 'auditd.syscall',
      process_name: 'payload',
      process_executable: '/dev/shm/payload',
      process_command_line: '/dev/shm/payload',
      fields: '{"syscall":"execve"}',
    });
    const alerts = [...rules.judge([dropped], { id: 1, path: 'a.log', source: 'auditd', isSince: true })];
    expect(alerts.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'First of ours',
        'Second of ours',
        'Program run from a folder that anybody may write to',
      ]),
    );
  });

  it('tell each thing that is done to the watch by itself', () => {
    const done = (path: string | null, message: string) =>
      event('alert', {
        event_dataset: 'vakthund.self',
        rule_id: 'settings-changed',
        rule_severity: 'medium',
        file_path: path,
        message,
      });
    const rows = [done('/a', '/a was written'), done('/b', '/b was written'), done(null, 'the clock was set')];
    const alerts = [...new LiveRules([]).judge(rows, { id: 1, path: 'a.log', source: 'x', isSince: true })];
    expect(alerts.map(({ subject, what }) => `${subject}: ${what}`)).toEqual([
      '/a: /a was written',
      '/b: /b was written',
      'the clock was set: the clock was set',
    ]);
  });

  it('tell where a file was moved to', () => {
    const moved = event('file_access', {
      event_action: 'rename',
      file_path: '/tmp/x',
      file_target_path: '/etc/cron.d/x',
      process_executable: '/usr/bin/mv',
    });
    const alerts = [
      ...new LiveRules(loadRuleSets([])).judge([moved], { id: 1, path: 'a.log', source: 'auditd', isSince: true }),
    ];
    expect(alerts.map(({ title, what }) => [title, what])).toContainEqual([
      'Scheduled Job Written',
      '/tmp/x  /usr/bin/mv  to /etc/cron.d/x',
    ]);
  });

  it('tell which library was put into a program', () => {
    const started = event('process', {
      event_action: 'exec',
      process_name: 'ls',
      process_command_line: 'ls',
      fields: '{"env":{"LD_PRELOAD":"/dev/shm/x.so"}}',
    });
    const rules = new LiveRules(loadRuleSets([]));
    const alerts = [...rules.judge([started], { id: 1, path: 'a', source: 'vakthund-export', isSince: true })];
    expect(alerts).toMatchObject([
      { title: 'Library put into a program', severity: 'high', what: 'ls  with LD_PRELOAD=/dev/shm/x.so' },
    ]);
  });

  it('speak of one act in a flood of others', { timeout: 60_000 }, () => {
    const run = (commandLine: string) =>
      event('process', { event_action: 'exec', process_name: 'x', process_command_line: commandLine });
    const flood = Array.from({ length: 200_000 }, (_none, index) => run(`make part${index}`));
    flood[123_456] = run('x -o stratum+tcp://192.0.2.1:443');
    const rules = new LiveRules(loadRuleSets([]));
    const alerts = [...rules.judge(flood, { id: 1, path: 'a', source: 'auditd', isSince: true })];
    expect(new Set(alerts.map(({ what }) => what))).toEqual(new Set(['x -o stratum+tcp://192.0.2.1:443']));
  });
});
