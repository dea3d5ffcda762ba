import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../../../../tests/support/event-store.ts';
import type { EventRow, VakthundEvent } from '../../../../events/event.ts';
import { eventFormat } from '../../../../match/event-format.ts';
import { FieldObserver } from '../../../../match/field-observer.ts';
import { loadSigma } from '../rule-set.ts';

const windows = (fields: Readonly<Record<string, unknown>>, kind: 'process' | 'log' = 'process'): VakthundEvent =>
  event(kind, { event_dataset: 'windows.sysmon', fields: JSON.stringify(fields) });
const sysmon = { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 };

const events: VakthundEvent[] = [
  event('process', {
    event_dataset: 'auditd.syscall',
    event_action: 'exec',
    process_executable: '/usr/bin/curl',
    process_command_line: 'curl -s http://198.51.100.7/x',
    process_args: ['curl', '-s', 'http://198.51.100.7/x'],
    user_name: 'alice',
    fields: '{"syscall":"execve"}',
  }),
  event('file_access', {
    event_dataset: 'auditd.syscall',
    event_action: 'create',
    file_path: '/etc/cron.d/job',
    user_name: 'alice',
    time: dayStart + 60e6,
  }),
  windows({ ...sysmon, Image: 'C:\\Tools\\Nc.exe', CommandLine: 'nc -e cmd' }),
  windows({ Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\Tools\\nc.exe' }),
  windows({ Channel: 'Security', EventID: 4625, TargetUserName: 'bob' }, 'log'),
  event('dns', { event_dataset: 'zeek.dns', dns_question_name: 'evil.example', dns_answers: ['203.0.113.9'] }),
  event('http', { event_dataset: 'zeek.http', url_original: '/a?cmd=id', http_response_status_code: 200 }),
  event('log', { event_dataset: 'syslog', process_name: 'sshd', message: 'Failed password for root' }),
];

const rule = (name: string, logsource: string, detection: string): string =>
  `title: ${name}\nname: ${name}\nlogsource: ${logsource}\ndetection:\n  sel: ${detection}\n  condition: sel\nlevel: high\n`;

const text = [
  rule(
    'curl',
    '{product: linux, category: process_creation}',
    '{Image|endswith: /curl, CommandLine|contains: 198.51.100}',
  ),
  rule('audit', '{product: linux, service: auditd}', '{type: EXECVE, a0: curl, a1: -S}'),
  rule('call', '{product: linux, service: auditd}', '{type: SYSCALL, SYSCALL: execve, exe|startswith: /usr}'),
  rule('cron', '{product: linux, category: file_event}', '{TargetFilename|startswith: /etc/cron}'),
  rule('netcat', '{product: windows, category: process_creation}', '{Image|endswith: \\nc.exe}'),
  rule('anywhere', '{category: process_creation}', '{Image|endswith: [/curl, \\nc.exe]}'),
  rule('logon', '{product: windows, service: security}', '{EventID: 4625, TargetUserName: BOB}'),
  rule('name', '{category: dns}', '{query|endswith: .example, answer: 203.0.113.9}'),
  rule('web', '{category: webserver}', '{cs-uri-query|contains: cmd=, sc-status: 200}'),
  rule('ssh', '{product: linux, service: sshd}', '[failed password, other]'),
  rule('never', '{product: linux, category: process_creation}', '{CommandLine|contains: absent}'),
  'title: drop\nname: drop\ncorrelation:\n  type: temporal_ordered\n  rules: [curl, cron]\n  group-by: [User]\n  timespan: 5m\n  generate: true\n',
].join('---\n');

const wanted: Readonly<Record<string, number>> = {
  curl: 1,
  audit: 1,
  call: 1,
  cron: 1,
  netcat: 2,
  anywhere: 3,
  logon: 1,
  name: 1,
  web: 1,
  ssh: 1,
  never: 0,
  drop: 1,
};

describe('Sigma rules over events', () => {
  const set = loadSigma([{ path: 'rules.yml', text }]);

  it('are all read', () => {
    expect(set.files[0]?.problems).toEqual([]);
    expect(set.rules.flatMap((one) => one.missing(eventFormat))).toEqual([]);
  });

  it('match as the events come', () => {
    const runner = set.runner(eventFormat);
    const counts: Record<string, number> = Object.fromEntries(Object.keys(wanted).map((name) => [name, 0]));
    const matches = [
      ...events.flatMap((one) => runner?.judge(one as unknown as EventRow) ?? []),
      ...(runner?.end() ?? []),
    ];
    for (const match of matches) counts[match.rule.title] = (counts[match.rule.title] ?? 0) + 1;
    expect(counts).toEqual(wanted);
    const drop = matches.find((match) => match.rule.title === 'drop');
    expect(drop?.text).toContain('User=alice');
    expect(JSON.parse(drop?.json ?? '')).toMatchObject({ rule: 'drop', group: { User: 'alice' } });
  });

  it('find the same in the store', async () => {
    await withEvents(events, async (store) => {
      const counts: Record<string, number> = {};
      for (const one of set.rules) {
        let found = 0;
        for (const { sql } of one.search(store.macros).queries) found += (await store.query(sql)).length;
        counts[one.title] = found;
      }
      expect(counts).toEqual(wanted);
    });
  });

  it('give no findings of their own when only a correlation looks at them', () => {
    const correlation = (name: string, of: string, more = ''): string =>
      `title: ${name}\nname: ${name}\ncorrelation:\n  type: event_count\n  rules: [${of}]\n  group-by: [User]\n  timespan: 5m\n  condition: {gte: 1}\n${more}`;
    const curl = rule('curl', '{product: linux, category: process_creation}', '{Image|endswith: /curl}');
    const told = (last: string): string[] => {
      const chain = [curl, correlation('once', 'curl'), last].join('---\n');
      const loaded = loadSigma([{ path: 'c.yml', text: chain }]);
      expect(loaded.files[0]?.problems).toEqual([]);
      const runner = loaded.runner(eventFormat);
      const titles = events
        .flatMap((one) => runner?.judge(one as unknown as EventRow) ?? [])
        .map((match) => match.rule.title);
      expect(loaded.rules.filter(({ isEnabled }) => isEnabled).map(({ title }) => title)).toEqual(titles);
      return titles;
    };
    expect(told(correlation('again', 'once'))).toEqual(['again']);
    expect(told(correlation('again', 'once', '  generate: true\n'))).toEqual(['once', 'again']);
  });

  it('say why they cannot match', () => {
    const reasons = loadSigma([
      { path: 'a.yml', text: rule('cloud', '{product: okta, service: okta}', '{eventName: x}') },
      { path: 'b.yml', text: rule('open', '{category: dns}', '{query|expand: "%names%"}') },
    ]).rules.map((one) => one.missing(eventFormat).map(({ field, why }) => `${field}: ${why}`));
    expect(reasons).toEqual([
      ['logsource okta/okta: no kind of event that is read here answers this log source'],
      ['%names%: a placeholder without values: give them in a processing pipeline'],
    ]);
  });

  it('say which fields nothing tells, though they can match', () => {
    const rules = loadSigma([
      {
        path: 'a.yml',
        text: rule('typo', '{product: linux, category: process_creation}', '[{Imagee: x}, {Image: y}]'),
      },
      { path: 'b.yml', text: rule('sound', '{product: linux, category: process_creation}', '{Image: y, User: z}') },
      { path: 'c.yml', text: rule('own', '{product: linux, service: auditd}', '{whatever: z}') },
    ]).rules;
    expect(rules.map((one) => one.untold?.().map(({ field }) => field))).toEqual([['Imagee'], [], []]);
    expect(rules.map((one) => one.missing(eventFormat))).toEqual([[], [], []]);
  });

  it('are held against the records that there are, not against those that there may be', () => {
    const [typo] = loadSigma([
      { path: 'a.yml', text: rule('typo', '{product: linux, category: process_creation}', '{Imagee: x}') },
    ]).rules;
    const observer = new FieldObserver(eventFormat);
    typo?.missing(observer.probe, 'process');
    observer.see({ kind: 'process', event_dataset: 'linux.process', event_action: 'exec', process_executable: '/x' });
    expect(typo?.missing(observer.observed, 'process').map(({ field }) => field)).toEqual(['Imagee']);
    expect([typo?.judges?.(eventFormat, 'process'), typo?.judges?.(eventFormat, 'dns')]).toEqual([true, false]);
  });
});
