import { describe, expect, it } from 'vitest';
import { CaptureBuilder } from '../../../../../tests/support/scap-capture.ts';
import { ProblemList } from '../../../../base/problem.ts';
import { CaptureReader } from '../capture.ts';
import type { FieldValue } from './field.ts';
import { resolveField } from './resolve.ts';

const machine = (): CaptureBuilder =>
  new CaptureBuilder().processes(
    { tid: 1, parent: 0, name: 'systemd' },
    { tid: 10, name: 'bash', exe: '-bash', path: '/usr/bin/bash', directory: '/root' },
  );

/** Values of fields at the last event. */
function last(capture: CaptureBuilder, ...names: string[]): FieldValue[] {
  const reader = new CaptureReader(new ProblemList());
  reader.feed(capture.bytes);
  reader.end();
  let values: FieldValue[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    const at = record;
    values = names.map((name) => {
      const field = resolveField(name);
      return 'absent' in field ? field.absent : field.get(at);
    });
  }
  return values;
}

describe('paths that calls act on', () => {
  const own = ['fs.path.name', 'fs.path.nameraw'];
  const pair = ['fs.path.source', 'fs.path.sourceraw', 'fs.path.target', 'fs.path.targetraw'];

  it('starts relative paths at the directory of the process', () => {
    expect(last(machine().call('SYSCALL_UNLINK_2', 10, [], [0, '../etc/./motd']), ...own, ...pair)).toEqual([
      '/etc/motd',
      '../etc/./motd',
      ...Array.from({ length: 4 }),
    ]);
  });

  it('takes paths of old events from where the call was entered', () => {
    expect(last(machine().call('SYSCALL_MKDIR', 10, ['work', 0], [0]), ...own)).toEqual(['/root/work', 'work']);
    expect(last(machine().event('SYSCALL_MKDIR_X', 10, 0), ...own)).toEqual([undefined, undefined]);
  });

  it('tells both paths of a call, and those of a link by what is made of what', () => {
    expect(last(machine().call('SYSCALL_RENAME', 10, [], [0, 'a', '/b']), ...own, ...pair)).toEqual([
      undefined,
      undefined,
      '/root/a',
      'a',
      '/b',
      '/b',
    ]);
    expect(last(machine().call('SYSCALL_SYMLINK', 10, [], [0, '/etc/shadow', 'link']), ...pair)).toEqual([
      '/root/link',
      'link',
      '/etc/shadow',
      '/etc/shadow',
    ]);
  });

  it('names the descriptor of calls on one', () => {
    const opened = machine().call('SYSCALL_OPEN', 10, [], [3, '/bin/x', 1, 0, 5]);
    expect(last(opened.call('SYSCALL_FCHMOD', 10, [], [0, 3, 0o755]), ...own)).toEqual(['/bin/x', '/bin/x']);
  });

  it('has none for a call that failed; an opening is told all the same unless for want of a permission', () => {
    expect(last(machine().call('SYSCALL_UNLINK_2', 10, [], [-2, '/x']), ...own)).toEqual([undefined, undefined]);
    expect(last(machine().call('SYSCALL_OPEN', 10, [], [-2, '/x', 1, 0, 5]), ...own)).toEqual(['/x', '/x']);
    expect(last(machine().call('SYSCALL_OPEN', 10, [], [-1, '/x', 1, 0, 5]), ...own)).toEqual([undefined, undefined]);
  });
});

describe('openings', () => {
  it('tells a file that was not there before', () => {
    const open = (flags: number): CaptureBuilder => machine().call('SYSCALL_OPEN', 10, [], [3, '/x', flags, 0, 5]);
    expect(last(open(6), 'evt.is_open_create', 'evt.is_open_write')).toEqual([false, true]);
    expect(last(open(6 | 16_384), 'evt.is_open_create', 'evt.is_open_write')).toEqual([true, true]);
  });
});

describe('times', () => {
  const names = ['evt.latency', 'evt.latency.human', 'evt.deltatime', 'evt.reltime'];

  it('tells how long a call took, and the time since other events', () => {
    const capture = machine().event('SYSCALL_CLOSE_E', 1, 5).call('SYSCALL_CHDIR', 10, [], [0, '/']);
    const [latency, human, delta, sinceFirst] = last(capture, ...names);
    expect(latency).toBeGreaterThan(0);
    expect(human).toMatch(/^\d+(?:\.\d\d)?(?:ns|us|ms|s)$/);
    expect(delta).toBe(latency);
    expect(sinceFirst).toBeGreaterThan(Number(latency));
  });

  it('is zero where a call was not seen to begin', () => {
    expect(last(machine().event('SYSCALL_CHDIR_X', 10, 0, '/'), ...names)).toEqual([0, '0ns', 0, 0]);
  });
});

describe('what a process stands on', () => {
  it('tells standard input, output and error', () => {
    const capture = machine().files(10, { 0: '/dev/null', 2: '/tmp/log' }).event('SYSCALL_CLOSE_E', 10, 5);
    expect(last(capture, 'proc.stdin.name', 'proc.stdin.type', 'proc.stdout.name', 'proc.stderr.name')).toEqual([
      '/dev/null',
      'file',
      undefined,
      '/tmp/log',
    ]);
  });
});

it('says why a field is not there', () => {
  expect(resolveField('proc.nonsense')).toHaveProperty('absent');
  expect(resolveField('proc.aname', 'x')).toHaveProperty('absent');
});
