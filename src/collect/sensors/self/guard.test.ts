import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendedFiles, GuardedAudit, GuardedPaths } from './guard.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tampering', () => {
  it('with rules, settings and units is told once with what was done', () => {
    const [rules, unit] = [join(folder, 'rules'), join(folder, 'unit')];
    mkdirSync(rules);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(rules, name), name);
    const guard = new GuardedPaths([rules, unit]);
    const told = (): string[] => [...guard.look()].map(({ message }) => message.replace(folder, ''));
    expect(told()).toEqual([]);
    expect(told()).toEqual([]);
    writeFileSync(join(rules, 'a'), 'changed');
    rmSync(join(rules, 'b'));
    chmodSync(join(rules, 'c'), 0o666);
    writeFileSync(unit, 'new');
    expect(told().sort()).toEqual([
      '/rules/a was written while the watch ran',
      '/rules/b was removed while the watch ran',
      '/rules/c got another owner or other permissions while the watch ran',
      '/unit was added while the watch ran',
    ]);
    expect(told()).toEqual([]);
  });

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

  it('with the audit is told when it is switched off or loses rules', () => {
    const guard = new GuardedAudit();
    const told = (isEnabled: boolean, rules: number): string[] =>
      [...guard.look({ isEnabled, rules })].map(({ rule, severity }) => `${rule} ${severity}`);
    expect(told(true, 90)).toEqual([]);
    expect(told(true, 91)).toEqual([]);
    expect(told(true, 80)).toEqual(['audit-rules-removed medium']);
    expect(told(false, 0)).toEqual(['audit-off high', 'audit-rules-removed high']);
    expect(told(false, 0)).toEqual([]);
  });
});
