import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/alerts.json', import.meta.url));
const lines = sample.toString('utf8').split('\n');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function decode(content: Uint8Array | string) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const context = { name: 'falco.json', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  for await (const batch of source.decode(once(bytes), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

async function alertWith(alert: object): Promise<VakthundEvent | undefined> {
  const base = { time: '2026-03-01T10:00:00Z', rule: 'r', priority: 'Error', output: 'o' };
  return (await decode(JSON.stringify({ ...base, ...alert }))).events[0];
}

describe('falco-json, detect', () => {
  it.each([
    ['alerts', lines[0] ?? ''],
    ['alerts behind lines of text', `Falco initialized\n${lines[0] ?? ''}`],
    ['a cut alert', (lines[0] ?? '').slice(0, -40)],
    ['alerts in the log of a container', lines[7] ?? ''],
    ['CloudEvents', lines[8] ?? ''],
    ['Elasticsearch records', lines[9] ?? ''],
    ['an alert spread over lines', lines.slice(10).join('\n')],
  ])('knows %s', (_what, text) => {
    expect(source.detect('x', Buffer.from(text))).toBe('certain');
  });

  it.each([
    '',
    '{}',
    '{"rule":"x","level":3}',
    'rule priority output_fields',
    '{"log":"{\\"rule\\":1}"}',
    '\u0000\u0001{',
  ])('does not know %j', (text) => {
    expect(source.detect('falco.json', Buffer.from(text))).toBeUndefined();
  });
});

describe('falco-json, decode', () => {
  it('reads an alert with its process, container and file', async () => {
    const { events } = await decode(lines[0] ?? '');
    expect(events[0]).toMatchObject({
      kind: 'alert',
      time: parseIsoMicros('2026-03-01T10:12:34.832049Z'),
      event_dataset: 'falco.syscall',
      host_name: 'node-1',
      rule_id: 'Read sensitive file untrusted',
      rule_severity: 'medium',
      event_severity: 'Warning',
      threat_technique_id: ['T1555'],
      process_name: 'cat',
      process_executable: '/bin/busybox',
      process_pid: 4711,
      process_parent_pid: 4700,
      process_tty: '34816',
      user_id: 0,
      user_name: 'root',
      login_id: -1,
      container_id: '3ad7b26ded6d',
      container_image_name: 'docker.io/library/alpine:3.19',
      file_path: '/etc/shadow',
      evidence_at: 1,
    });
    expect(JSON.parse(String(events[0]?.fields))).toEqual({
      'evt.time': '1709283154832049261',
      'evt.type': 'openat',
      'k8s.ns.name': 'default',
      'proc.aname[2]': 'containerd-shim',
    });
  });

  it('reads the ends of a connection, and marks for none', async () => {
    const { events } = await decode(lines[1] ?? '');
    expect(events[0]).toMatchObject({
      time: parseIsoMicros('2024-03-01T08:52:34.832049Z'),
      event_dataset: 'falco',
      source_ip: '10.0.0.5',
      source_port: 44312,
      destination_ip: '203.0.113.9',
      destination_port: 4444,
      network_transport: 'tcp',
      url_domain: 'c2.example',
      threat_technique_id: ['T1059.004'],
      container_id: null,
      container_name: null,
      process_tty: null,
      user_id: -1,
      user_name: null,
      file_path: null,
    });
  });

  it('takes what Falco says of itself for log records, and tells what was lost', async () => {
    const { events, problems } = await decode(sample);
    const isLog = [false, false, true, true, true, true, false, false, false, false, false];
    expect(events.map((event) => event.kind === 'log')).toEqual(isLog);
    expect(problems.map((problem) => [problem.code, problem.at.line, problem.message.split(' ')[0]])).toEqual([
      ['events-lost', 3, '815508'],
      ['events-lost', 4, '5'],
      ['events-lost', 6, '4'],
    ]);
  });

  it('finds the same alert in what others put around it', async () => {
    const { events } = await decode(sample);
    const [first] = events;
    for (const event of events.slice(7)) {
      expect({ ...event, evidence_at: 1 }).toEqual(first);
    }
  });

  it.each([
    ['Emergency', 'critical'],
    ['ALERT', 'critical'],
    ['critical', 'critical'],
    ['Error', 'high'],
    ['Warning', 'medium'],
    ['Notice', 'low'],
    ['Informational', 'info'],
    ['Debug', 'info'],
    ['odd', 'medium'],
  ])('has priority %s as %s', async (priority, severity) => {
    expect(await alertWith({ priority })).toMatchObject({ rule_severity: severity, event_severity: priority });
  });

  it('lets the keys of the alert win over fields of the same name, and takes hostile ones as keys', async () => {
    const event = await alertWith({
      output_fields: JSON.parse('{"rule":"other","__proto__":{"a":1},"tags":"x"}') as object,
    });
    expect(event).toMatchObject({ rule_id: 'r', tags: ['x'] });
    expect(event?.fields).toBe('{"__proto__":{"a":1}}');
  });

  it('keeps values that do not fit, and says so', async () => {
    const { events, problems } = await decode(
      '{"rule":"r","priority":"Debug","time":"soon","output_fields":{"user.uid":"x","fd.sip":"not-an-ip"}}',
    );
    expect(events[0]).toMatchObject({ time: 0, user_id: null, destination_ip: null });
    expect(JSON.parse(String(events[0]?.fields))).toEqual({ time: 'soon', 'user.uid': 'x', 'fd.sip': 'not-an-ip' });
    expect(problems.map((problem) => problem.code)).toEqual(['bad-value', 'bad-value', 'bad-value']);
  });

  it('reports records that are no alerts, and reads on', async () => {
    const { events, problems } = await decode(
      `Falco initialized\n{"a":1}\n{"log":"text"}\n42\n${lines[0] ?? ''}\n{"rule":"r","pri`,
    );
    expect(events).toHaveLength(1);
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['bad-record', 3],
      ['bad-record', 4],
      ['truncated', 6],
    ]);
  });
});
