import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/events.json', import.meta.url));
const lines = sample.toString('utf8').split('\n');

describe('tracee, detect', () => {
  it.each([
    ['the flat form', lines[0] ?? ''],
    ['the form with a workload', lines[9] ?? ''],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it.each(['', '{}', '{"eventName":"Login","eventTime":"x"}', '{"name":"x","timestamp":1}'])(
    'does not know %j',
    (content) => {
      expect(source.detect('tracee.log', Buffer.from(content))).toBeUndefined();
    },
  );
});

describe('tracee, decode', () => {
  it('reads a program of the flat form', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'process',
      time: parseIsoMicros('2026-03-01T10:00:00.123456Z'),
      event_dataset: 'tracee.execve',
      host_name: 'node1',
      evidence_id: 0,
      evidence_at: 1,
      event_action: 'exec',
      event_outcome: 'success',
      process_pid: 4711,
      process_name: 'curl',
      process_executable: '/usr/bin/curl',
      process_command_line: 'curl -s x',
      process_args: ['curl', '-s', 'x'],
      process_parent_pid: 4700,
      user_id: 1000,
      container_id: 'ab'.repeat(32),
      container_name: 'web',
      container_image_name: 'registry.example/web:1',
      fields: {
        threadStartTime: '1772359199000000000',
        processorId: 1,
        processId: 7,
        cgroupId: 1,
        threadId: 7,
        parentProcessId: 1,
        hostThreadId: 4711,
        processName: 'bash',
        executable: { path: '' },
        containerId: '',
        container: { imageDigest: 'sha256:1' },
        kubernetes: { podName: 'web-0', podNamespace: 'shop' },
        eventId: '59',
        argsNum: 3,
        returnValue: 0,
        syscall: 'execve',
        contextFlags: { containerStarted: true, isCompat: false },
      },
    });
  });

  it('reads every event as its kind', async () => {
    const { events } = await decodeContent(source, sample);
    expect(events.slice(1)).toMatchObject([
      { kind: 'file_access', event_action: 'read', file_path: '/etc/shadow', file_inode: '77', syscall: 'openat' },
      {
        kind: 'socket',
        event_action: 'connect',
        event_outcome: 'failure',
        destination_ip: '198.51.100.7',
        destination_port: 443,
        socket_family: 'inet',
      },
      {
        kind: 'dns',
        dns_type: 'answer',
        source_ip: '10.0.0.5',
        destination_ip: '10.0.0.1',
        destination_port: 53,
        dns_question_name: 'c2.example',
        dns_question_type: 'A',
        dns_response_code: 'NOERROR',
        dns_answers: ['198.51.100.7'],
        dns_answer_ttls: ['60'],
        dns_resolved_ip: ['198.51.100.7'],
      },
      { kind: 'http', http_request_method: 'GET', url_domain: 'c2.example', url_original: '/a', destination_port: 80 },
      { kind: 'kernel_module', event_action: 'load', module_name: 'evil' },
      {
        kind: 'alert',
        rule_id: 'TRC-101',
        rule_name: 'Process standard input/output over socket detected',
        rule_severity: 'high',
        threat_technique_id: ['T1059.004'],
        message: 'A shell reads from a socket',
      },
      { kind: 'file_access', event_action: 'rename', file_path: '/tmp/a', file_target_path: '/etc/cron.d/a' },
      { kind: 'log', log_name: 'sys_enter', process_name: 'bash' },
      {
        kind: 'alert',
        time: parseIsoMicros('2026-03-01T10:00:09.123Z'),
        rule_id: 'sensitive_file_access',
        rule_name: 'Sensitive File Access',
        rule_severity: 'medium',
        file_path: '/etc/shadow',
        process_pid: 68_000,
        process_name: 'cat',
        process_parent_pid: 67_999,
        process_parent_name: 'bash',
        user_name: 'anna',
      },
      { kind: 'file_access', event_action: 'write', file_path: '/etc/hosts', process_name: 'vi' },
    ]);
    expect(contentOf(events[9])['fields']).toMatchObject({
      workload: { process: { pid: 67_890, ancestors: [{ pid: 67_889 }, { pid: 1 }] }, k8s: { pod: { name: 'web-0' } } },
    });
  });

  it('keeps a list of arguments that has a name twice', async () => {
    const args = [
      { name: 'a', value: 1 },
      { name: 'a', value: 2 },
    ];
    const record = { timestamp: 1_772_359_200_000_000, eventName: 'openat', processId: 1, args };
    const { events } = await decodeContent(source, JSON.stringify(record));
    expect(contentOf(events[0])).toMatchObject({ kind: 'file_access', fields: { args } });
  });

  it('reports what is no event, and reads on', async () => {
    const { events, problems } = await decodeContent(
      source,
      `{"eventName":7}\n{"eventName":"openat","timestamp":"x","args":[3]}\n${lines[1]}\n{"eventName":"bind","args"`,
    );
    expect(events).toHaveLength(2);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-value', 2],
      ['truncated', 4],
    ]);
  });
});
