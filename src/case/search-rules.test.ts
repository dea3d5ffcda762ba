import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../tests/support/event-store.ts';
import { silentLogger } from '../base/logger.ts';
import { createLocalNetworks } from '../base/networks.ts';
import type { DetectResult } from './detect.ts';
import { searchRules } from './search-rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = (title: string, logsource: string, selection: string): string =>
  `title: ${title}\nname: ${title}\nlevel: high\ntags: [attack.t1105]\nlogsource: ${logsource}\ndetection:\n  s: ${selection}\n  condition: s\n`;

const start = (host: string, offset: number): ReturnType<typeof event> =>
  event('process', {
    time: dayStart + offset,
    evidence_at: 1 + offset,
    event_dataset: 'auditd.syscall',
    event_action: 'exec',
    host_name: host,
    user_name: 'mallory',
    process_pid: 4242,
    process_executable: '/opt/odd/fetcher',
    process_command_line: '/opt/odd/fetcher --all',
  });

async function search(
  files: Readonly<Record<string, string>>,
  only: readonly string[] = [],
  events: readonly ReturnType<typeof event>[] = [start('web1', 0), start('web1', 5), start('web2', 9)],
): Promise<DetectResult> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const paths = Object.keys(files).map((name) => join(folder, name));
  let result: DetectResult | undefined;
  await withEvents(events, async (store) => {
    result = await searchRules(paths, {
      store,
      networks: createLocalNetworks(),
      settings: {},
      since: undefined,
      until: undefined,
      only,
      skip: [],
      logger: silentLogger,
      signal: undefined,
      onProgress: () => undefined,
    });
  });
  if (result === undefined) throw new Error('no result');
  return result;
}

describe('searchRules', () => {
  const linux = '{product: linux, category: process_creation}';

  it('makes one finding for each rule, machine and program, with what it is about', async () => {
    const { findings, problems, ran } = await search({
      'fetch.yml': rule('fetch', linux, '{Image|endswith: /fetcher}'),
    });
    const own = findings.filter(({ detector }) => detector === 'rules/sigma/fetch');
    expect(problems).toEqual([]);
    expect(ran).toContain('rules/sigma/fetch');
    expect(own).toMatchObject([
      { severity: 'high', count: 2, first_seen: dayStart, last_seen: dayStart + 5, attack: ['T1105'] },
      { severity: 'high', count: 1, first_seen: dayStart + 9 },
    ]);
    expect(own[0]?.entities).toEqual([
      { kind: 'host', value: 'web1' },
      { kind: 'executable', value: '/opt/odd/fetcher' },
      { kind: 'process', value: 'web1/4242/fetcher' },
      { kind: 'user', value: 'mallory' },
    ]);
    expect(own[0]?.evidence.map(({ at }) => at)).toEqual([1, 6]);
  });

  it('says less where a rule leaves out processes, and nobody knows the process', async () => {
    const text = `- rule: Sudoers touched
  desc: d
  condition: evt.type = openat and evt.is_open_write = true and fd.name = /etc/sudoers and not proc.name in (visudo)
  output: o
  priority: CRITICAL
`;
    const write = (offset: number, process: object): ReturnType<typeof event> =>
      event('file_access', {
        time: dayStart + offset,
        evidence_at: 1 + offset,
        event_action: 'write',
        host_name: 'web1',
        file_path: '/etc/sudoers',
        ...process,
      });
    const events = [write(0, {}), write(1, { process_name: 'vim', process_executable: '/usr/bin/vim' })];
    const { findings } = await search({ 'sudoers.yaml': text }, ['rules/falco'], events);
    expect(findings).toMatchObject([
      { detector: 'rules/falco/Sudoers touched', severity: 'high', sentence: 'Sudoers touched on web1' },
      { detector: 'rules/falco/List of who may become root written', severity: 'critical' },
      { detector: 'rules/falco/Sudoers touched', severity: 'critical', sentence: 'Sudoers touched: vim on web1' },
    ]);
    expect(findings.map(({ reasons }) => reasons.some(({ what }) => what === 'process not known'))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('lets a file with an error leave the others of its language alone', async () => {
    const falco = (name: string, field: string): string =>
      `- rule: ${name}\n  desc: d\n  condition: evt.type = execve and ${field} startswith /opt/odd\n  output: o\n  priority: WARNING\n`;
    const files = { 'odd.yaml': falco('Odd', 'proc.cmdline'), 'wrong.yaml': falco('Wrong', 'proc.nothing') };
    const { findings, problems } = await search(files, ['rules/falco']);
    expect(problems).toMatchObject([{ code: 'bad-rule', at: { path: join(folder, 'wrong.yaml') } }]);
    expect(findings.filter(({ detector }) => detector === 'rules/falco/Odd')).toHaveLength(2);
  });

  it('tells rules with errors, and why others were not run', async () => {
    const { problems, notChecked } = await search({
      'broken.yml': rule('broken', linux, '{Image|ends: x}'),
      'cloud.yml': rule('cloud', '{product: okta, service: okta}', '{eventName: x}'),
      'logon.yml': rule('logon', '{product: windows, service: security}', '{EventID: 4625}'),
    });
    expect(problems).toMatchObject([{ code: 'bad-rule', at: { path: join(folder, 'broken.yml'), line: 7 } }]);
    expect(notChecked).toContainEqual({
      what: 'rules/sigma/cloud',
      why: 'logsource okta/okta: no kind of event that is read here answers this log source',
    });
    expect(notChecked.some(({ why }) => why === 'the evidence has no events of its log source')).toBe(true);
  });

  it('runs only what was chosen', async () => {
    const { ran } = await search({ 'fetch.yml': rule('fetch', linux, '{Image|endswith: /fetcher}') }, [
      'rules/sigma/fetch',
    ]);
    expect(ran).toEqual(['rules/sigma/fetch']);
  });

  it('refuses a file that is no rule file', async () => {
    await expect(search({ 'notes.txt': 'hello' })).rejects.toThrow('is of no known rule language');
  });
});
