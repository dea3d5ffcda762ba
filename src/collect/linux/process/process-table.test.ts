import { describe, expect, it } from 'vitest';
import type { ConnectorEvent } from './connector-event.ts';
import { ancestorsOf, ProcessTable } from './process-table.ts';

/** Beyond the largest id that a kernel gives (`PID_MAX_LIMIT`): nothing can be asked of it. */
const first = 5_000_000;
const common = { sequence: 0, cpu: 0, monotonicNs: 5n };
const fork = (parent: number, child: number): ConnectorEvent => ({
  ...common,
  what: 'fork',
  pid: parent,
  thread: parent,
  childPid: child,
  childThread: child,
});
const exec = (pid: number, monotonicNs: bigint): ConnectorEvent => ({
  ...common,
  what: 'exec',
  pid,
  thread: pid,
  monotonicNs,
});

describe('the table of processes', () => {
  it('remembers who started whom when they have ended', () => {
    const table = new ProcessTable(undefined, () => 10n);
    table.apply(fork(first, first + 1));
    table.apply(fork(first + 1, first + 2));
    table.apply({ ...common, what: 'exit', pid: first + 1, thread: first + 1, code: 0 });
    const known = table.get(first + 2);
    expect(known && ancestorsOf(known).map(({ pid }) => pid)).toEqual([first + 1]);
  });

  it('takes a thread for no process', () => {
    const table = new ProcessTable(undefined, () => 10n);
    table.apply({ ...common, what: 'fork', pid: first, thread: first, childPid: first, childThread: first + 9 });
    expect(table.get(first + 9)).toBeUndefined();
  });

  it('bounds what a program holds that starts itself anew without end', () => {
    const table = new ProcessTable(undefined, () => 10n);
    for (let pid = first; pid < first + 500; pid++) {
      table.apply(fork(pid, pid + 1));
      table.apply({ ...common, what: 'exit', pid, thread: pid, code: 0 });
    }
    const last = table.get(first + 500);
    let held = 0;
    for (let at = last; at !== undefined; at = at.parent) held++;
    expect(held).toBeLessThanOrEqual(65);
    expect(last && ancestorsOf(last).map(({ pid }) => pid)).toEqual(
      Array.from({ length: 32 }, (_none, index) => first + 499 - index),
    );
  });

  it('does not show the second program of a process under the exec of the first', () => {
    const table = new ProcessTable(undefined, () => process.hrtime.bigint());
    const known = table.apply(exec(process.pid, process.hrtime.bigint()));
    const program = known?.program;
    expect(program).toMatchObject({ executable: process.execPath, isWithdrawn: false });
    // It happened before the look, and is heard of after it.
    table.apply(exec(process.pid, 1n));
    expect(program).toMatchObject({ executable: undefined, args: undefined, isWithdrawn: true });
    expect(table.get(process.pid)?.program).toMatchObject({ executable: process.execPath, isWithdrawn: false });
  });

  it('says what it could not read of a process that is gone', () => {
    const table = new ProcessTable(undefined, () => 10n);
    const known = table.apply(exec(first, 5n));
    expect(known?.program.unread).toEqual(['executable', 'file', 'args', 'working_directory', 'name']);
    expect(known?.container).toBeUndefined();
  });

  it('gives a program that is gone the root of what it ran before', () => {
    const table = new ProcessTable(undefined, () => 10n);
    const parent = table.apply(exec(first, 5n));
    if (parent !== undefined) parent.program.root = '/srv/root';
    table.apply(fork(first, first + 1));
    expect(table.apply(exec(first + 1, 6n))?.program.root).toBe('/srv/root');
  });

  it('follows users through forks', () => {
    const table = new ProcessTable(undefined, () => 10n);
    table.apply(fork(first, first + 1));
    table.apply({ ...common, what: 'uid', pid: first + 1, thread: first + 1, real: 33, effective: 0 });
    table.apply(fork(first + 1, first + 2));
    expect(table.get(first + 2)).toMatchObject({ realUser: 33, effectiveUser: 0 });
  });
});
