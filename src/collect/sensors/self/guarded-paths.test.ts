import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardedPath } from '../../guarded.ts';
import { GuardedPaths } from './guarded-paths.ts';
import { sinceLastTime, type Guarded } from './last-time.ts';

let folder: string;
let guarded: GuardedPath[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-guarded-'));
  mkdirSync(join(folder, 'rules'));
  mkdirSync(join(folder, 'baseline'));
  for (const name of ['rules/a', 'rules/b', 'rules/c', 'baseline/1.link', 'store']) {
    writeFileSync(join(folder, name), name);
  }
  guarded = (['rules', 'unit', 'baseline', 'store'] as const).map((role) => ({ path: join(folder, role), role }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a guard tells at each look, without the folder. */
function teller(): () => string[] {
  const guard = new GuardedPaths(guarded);
  const told = (): string[] =>
    [...guard.look()].map(
      ({ rule, severity, message }) => `${rule} ${severity}: ${message.replaceAll(`${folder}/`, '')}`,
    );
  expect(told()).toEqual([]);
  return told;
}

describe('guarded files', () => {
  it('that change are told once, together for each kind, with what was done', () => {
    const told = teller();
    expect(told()).toEqual([]);
    writeFileSync(join(folder, 'rules/a'), 'changed');
    rmSync(join(folder, 'rules/b'));
    chmodSync(join(folder, 'rules/c'), 0o666);
    writeFileSync(join(folder, 'unit'), 'new');
    expect(told().sort()).toEqual([
      'rules-changed medium: rules/a was written, rules/c got another owner or other permissions, rules/b was removed, while the watch ran',
      'unit-changed medium: unit was added, while the watch ran',
    ]);
    expect(told()).toEqual([]);
  });

  it('that are written with their size and times as before are told by the time of change', () => {
    const file = join(folder, 'rules/a');
    utimesSync(file, 1000, 1000);
    const told = teller();
    writeFileSync(file, 'rules/z');
    utimesSync(file, 1000, 1000);
    expect(told()).toEqual([
      'rules-changed medium: rules/a had its times set, and may have been written, while the watch ran',
    ]);
  });

  it('of a baseline are told when a link is changed, and less when one is added, as who accepts does', () => {
    const told = teller();
    writeFileSync(join(folder, 'baseline/2.link'), '');
    expect(told()).toEqual(['baseline-changed low: baseline/2.link was added, while the watch ran']);
    writeFileSync(join(folder, 'baseline/1.link'), '');
    expect(told()).toEqual(['baseline-changed medium: baseline/1.link was written, while the watch ran']);
  });

  it('of the store are told when another stands in its place, and not when it is written to', () => {
    const told = teller();
    appendFileSync(join(folder, 'store'), 'more');
    expect(told()).toEqual([]);
    rmSync(join(folder, 'store'));
    expect(told()).toEqual(['store-replaced high: store was removed, while the watch ran']);
  });

  it('are not told as changed to a watch that is told to guard others, and an upgrade is told as one', () => {
    const stateOf = (version: string, roots: readonly GuardedPath[]): Guarded => {
      const guard = new GuardedPaths(roots);
      expect([...guard.look()]).toEqual([]);
      return { version, roots, marks: guard.marks() };
    };
    const told = (before: Guarded, now: Guarded): string[] =>
      [...sinceLastTime({ atMs: 0, hasEnded: true, guarded: before }, 1000, now)].map(
        ({ rule, severity }) => `${rule} ${severity}`,
      );
    const before = stateOf('1.0.0', guarded.slice(0, 2));
    expect(told(before, stateOf('1.0.0', guarded))).toEqual([]);
    expect(told(before, stateOf('1.0.0', guarded.slice(2)))).toEqual([]);
    writeFileSync(join(folder, 'rules/d'), '');
    expect(told(before, stateOf('1.0.0', guarded))).toEqual(['rules-changed medium']);
    expect(told(before, stateOf('1.1.0', guarded))).toEqual(['rules-changed low']);
  });

  it('that would come in a folder that is not there yet are looked for where that would come', () => {
    const guard = new GuardedPaths([{ path: join(folder, 'later/deeper/unit'), role: 'unit' }]);
    expect([...guard.look()]).toEqual([]);
    expect([...guard.folders()]).toEqual([[folder, new Set(['later'])]]);
    mkdirSync(join(folder, 'later'));
    expect([...guard.folders()]).toEqual([[join(folder, 'later'), new Set(['deeper'])]]);
    mkdirSync(join(folder, 'later/deeper'));
    writeFileSync(join(folder, 'later/deeper/unit'), '');
    expect([...guard.look()]).toMatchObject([{ rule: 'unit-changed' }]);
  });
});
