import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardedClock } from './guarded-clock.ts';
import { readLastTime, sinceLastTime, writeAlive, writeGuarded, type Guarded } from './last-time.ts';
import { busyMs, Standstill } from './standstill.ts';
import { AppendedFiles } from './guard.ts';
import { GuardedPaths } from './guarded-paths.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tampering', () => {
  it('with records is told when one is cut or removed, and not when the oldest make room', () => {
    const audit = join(folder, 'audit');
    mkdirSync(audit);
    for (const name of ['1', '2', '3']) writeFileSync(join(audit, name), 'record\n');
    const guard = new AppendedFiles(folder);
    const told = (): string[] => [...guard.look()].map(({ rule, path }) => `${rule} ${path?.replace(folder, '')}`);
    expect(told()).toEqual([]);
    appendFileSync(join(audit, '3'), 'more\n');
    rmSync(join(audit, '1'));
    expect(told()).toEqual([]);
    truncateSync(join(audit, '3'), 3);
    expect(told()).toEqual(['records-removed /audit/3']);
    rmSync(join(audit, '3'));
    expect(told()).toEqual(['records-removed /audit/3']);
  });

  it('with records is told when the one that is written to goes, alone or with its folder', () => {
    const audit = join(folder, 'audit');
    const guard = new AppendedFiles(folder);
    const told = (): string[] => [...guard.look()].map(({ rule, path }) => `${rule} ${path?.replace(folder, '')}`);
    mkdirSync(audit);
    writeFileSync(join(audit, '1'), 'a\n');
    expect(told()).toEqual([]);
    rmSync(join(audit, '1'));
    expect(told()).toEqual(['records-removed /audit/1']);
    expect(told()).toEqual([]);
    writeFileSync(join(audit, '2'), 'b\n');
    expect(told()).toEqual([]);
    rmSync(audit, { recursive: true });
    expect(told()).toEqual(['records-removed /audit/2']);
    expect(told()).toEqual([]);
  });

  it('with records is not told of captures that are moved when they are whole, and go when they are read', () => {
    const guard = new AppendedFiles(folder);
    for (const name of ['packets.open', 'packets']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, '1.pcap'), 'packets');
    }
    expect([...guard.look()]).toEqual([]);
    for (const name of ['packets.open', 'packets']) rmSync(join(folder, name, '1.pcap'));
    expect([...guard.look()]).toEqual([]);
  });

  it('with the clock is told when it is set, and not when the machine sleeps or time is mended', () => {
    const clock = new GuardedClock();
    const told = (wallMs: number, uptimeMs: number): string[] =>
      [...clock.look(wallMs, uptimeMs)].map(
        ({ severity, message }) => `${severity} ${/set (?<how>[^:]+)/.exec(message)?.groups?.['how']}`,
      );
    expect(told(1_000_000, 50_000)).toEqual([]);
    expect(told(5_000_000, 4_050_000)).toEqual([]);
    expect(told(5_002_000, 4_050_000)).toEqual([]);
    expect(told(4_942_000, 4_050_000)).toEqual(['low back by 60 s']);
    expect(told(4_942_000 + 86_400_000, 4_050_000)).toEqual(['medium forward by 86400 s']);
    expect(told(4_943_000 + 86_400_000, 4_051_000)).toEqual([]);
  });

  it('that holds the watch is told when it goes on, and a busy machine is not', () => {
    const standstill = new Standstill(5000);
    const told = (monotonicMs: number, ranMs = 0): string[] =>
      [...standstill.look(monotonicMs, Date.UTC(2026, 0, 1, 12), ranMs)].map(
        ({ rule, severity, message }) => `${rule} ${severity} ${message.slice(0, 57)}`,
      );
    expect(told(1000)).toEqual([]);
    expect(told(6000)).toEqual([]);
    expect(told(20_000)).toEqual([]);
    expect(told(85_000)).toEqual(['watch-held medium from 2026-01-01T11:59:00.000Z to 2026-01-01T12:00:00.000Z']);
    expect(told(90_000)).toEqual([]);
    expect(told(110_000)).toMatchObject([expect.stringMatching(/^watch-held low /)]);
    // It computed, or waited for a processor: nobody held it.
    expect(told(200_000, 80_000)).toEqual([]);
    expect(told(300_000, 90_000)).toMatchObject([expect.stringMatching(/^watch-held medium /)]);
  });

  it('by stopping is told from a busy thread by what the kernel counts', () => {
    const before = busyMs();
    for (const until = performance.now() + 50; performance.now() < until;);
    expect(busyMs() - before).toBeGreaterThan(40);
    const busy = busyMs();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    expect(busyMs() - busy).toBeLessThan(400);
  });

  it('while no watch ran is told when the next one begins: killed, changed, the clock set back', () => {
    const path = join(folder, 'self');
    expect(readLastTime(path)).toBeUndefined();
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) writeFileSync(join(rules, name), name);
    const roots = [{ path: rules, role: 'rules' }] as const;
    const marks = (): Guarded => {
      const guard = new GuardedPaths(roots);
      expect([...guard.look()]).toEqual([]);
      return { version: '1', roots: guard.roots, marks: guard.marks() };
    };
    const told = (hasEnded: boolean, nowMs: number): string[] => {
      writeAlive(path, { atMs: 1_000_000, hasEnded });
      writeGuarded(path, before);
      const last = readLastTime(path);
      return last === undefined ? [] : [...sinceLastTime(last, nowMs, marks())].map(({ message }) => message);
    };
    const before = marks();
    expect(told(true, 2_000_000)).toEqual([]);
    expect(told(false, 2_000_000)).toEqual([
      expect.stringContaining('from 1970-01-01T00:16:40.000Z to 1970-01-01T00:33:20.000Z'),
    ]);
    expect(told(true, 900_000)).toEqual([expect.stringContaining('the clock was set back')]);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) writeFileSync(join(rules, name), 'changed');
    expect(told(true, 2_000_000)).toEqual([
      expect.stringMatching(/rules\/a was changed, .*rules\/e was changed and 1 more, while no watch ran \(/),
    ]);
    for (const text of ['', '7', '{}', '{"atMs":"x"}']) {
      writeFileSync(`${path}.alive.json`, text);
      expect(readLastTime(path)).toBeUndefined();
    }
  });
});
