import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/events.json', import.meta.url));
const lines = sample.toString('utf8').split('\n');

describe('tetragon, detect', () => {
  it.each([
    ['events', sample],
    ['one cut event', sample.subarray(0, 300)],
    ['a rate limit', lines[8] ?? ''],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it.each(['', '{}', '{"process_exec":{}}', '{"exec_id":1,"a":{"process_exec":{}}}', '\u0000{'])(
    'does not know %j',
    (content) => {
      expect(source.detect('tetragon.log', Buffer.from(content))).toBeUndefined();
    },
  );
});

describe('tetragon, decode', () => {
  it('reads a program with its parent, pod and container', async () => {
    const { events } = await decodeContent(source, sample);
    expect(contentOf(events[0])).toEqual({
      kind: 'process',
      time: parseIsoMicros('2026-03-01T10:00:00.123456Z'),
      event_dataset: 'tetragon.process_exec',
      host_name: 'node1',
      evidence_id: 0,
      evidence_at: 1,
      event_action: 'exec',
      process_pid: 101,
      process_name: 'curl',
      process_executable: '/usr/bin/curl',
      process_command_line: '/usr/bin/curl -s http://198.51.100.7/a',
      process_parent_pid: 100,
      process_parent_name: 'sh',
      process_parent_executable: '/bin/sh',
      process_parent_command_line: '/bin/sh run.sh',
      process_working_directory: '/srv',
      user_id: 0,
      login_id: -1,
      container_id: 'ab'.repeat(32),
      container_name: 'web',
      container_image_name: 'registry.example/web:1',
      fields: {
        process_exec: {
          process: {
            exec_id: 'bm9kZTE6MTAx',
            flags: 'execve clone',
            start_time: '2026-03-01T10:00:00.000001234Z',
            pod: {
              namespace: 'shop',
              name: 'web-0',
              container: { image: { id: 'sha256:1' } },
              workload: 'web',
            },
            docker: `${'ab'.repeat(15)}a`,
            parent_exec_id: 'bm9kZTE6MTAw',
            cap: { effective: ['CAP_SYS_ADMIN'] },
          },
          parent: { exec_id: 'bm9kZTE6MTAw', uid: 0, cwd: '/srv', auid: 1000 },
          ancestors: [{ exec_id: 'r', pid: 1, binary: '/sbin/init' }],
        },
      },
    });
  });

  it('reads probes as what they are about', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(events.slice(1)).toMatchObject([
      { kind: 'process', event_action: 'exit', process_exit_code: 137 },
      {
        kind: 'socket',
        event_action: 'connect',
        source_ip: '10.0.0.5',
        source_port: 44_312,
        destination_ip: '198.51.100.7',
        destination_port: 80,
        network_transport: 'tcp',
        socket_family: 'inet',
        syscall: 'tcp_connect',
        process_name: 'insmod',
      },
      {
        kind: 'file_access',
        event_action: 'write',
        file_path: '/etc/shadow',
        syscall: 'security_file_permission',
        login_id: 1000,
      },
      { kind: 'kernel_module', event_action: 'load', module_name: 'evil' },
      { kind: 'process', event_action: 'setuid' },
      { kind: 'file_access', event_action: 'exec', file_path: '/tmp/x' },
      { kind: 'log', log_name: 'sys_enter_ioctl', event_dataset: 'tetragon.process_tracepoint' },
      { kind: 'log', event_dataset: 'tetragon.rate_limit_info' },
    ]);
    expect(JSON.parse(String(events[3]?.fields))).toMatchObject({
      process_kprobe: { args: [{ file_arg: { permission: '-rw-------' } }, { int_arg: 2 }], policy_name: 'files' },
    });
    expect(placesOf(problems)).toEqual([['events-lost', 9]]);
  });

  it('reports what is no event, and reads on', async () => {
    const { events, problems } = await decodeContent(
      source,
      `{"a":1}\n{"process_exec":7}\n{"process_exec":{"process":{"pid":"x"}},"time":"soon"}\n{"process_exit":{}}\n${lines[1]}\n{"process_`,
    );
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ time: 0, process_pid: null });
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['bad-record', 4],
      ['bad-value', 3],
      ['bad-value', 3],
      ['truncated', 6],
    ]);
  });
});
