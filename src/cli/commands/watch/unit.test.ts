import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unitText } from './unit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = {
  program: '/bin/true',
  args: ['watch', '/var/log/my logs', '--min-severity', '100%$x'],
  workingFolder: '/',
  caseFolder: '/var/lib/vakthund',
  sensors: ['audit'],
};
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the unit', () => {
  it('has the capabilities of the sensors that it runs and no others', () => {
    expect(unitText(options)).toContain('CAP_AUDIT_READ');
    expect(unitText({ ...options, sensors: [] })).not.toContain('CAP_AUDIT');
    expect(unitText(options)).not.toContain('fanotify');
    expect(unitText({ ...options, sensors: ['fanotify'] })).toMatch(
      /CAP_SYS_ADMIN[^]*\nSystemCallFilter=fanotify_init /,
    );
    expect(unitText(options)).toContain('ExecStart=/bin/true watch "/var/log/my logs" --min-severity 100%%$$x\n');
  });

  it('has a folder for compiled code, which the launcher cannot write next to itself there', () => {
    expect(unitText(options)).toMatch(/\nCacheDirectory=vakthund\n[^]*\nEnvironment=NODE_COMPILE_CACHE=%C\/vakthund\n/);
  });

  it.skipIf(!hasSystemd)('is taken by systemd without a word, and called safe', () => {
    const file = join(folder, 'vakthund.service');
    writeFileSync(file, unitText(options));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('vakthund'))).toEqual([]);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
    const exposure = /exposure level for .*: (?<level>[\d.]+)/i.exec(judged.stdout)?.groups?.['level'];
    expect(Number(exposure)).toBeGreaterThan(0);
    expect(Number(exposure)).toBeLessThan(4);
  });
});

describe('a unit that is written', () => {
  const main = join(import.meta.dirname, '../../main.ts');
  const write = (...args: string[]) =>
    spawnSync(process.execPath, [main, 'watch', folder, '--case', join(folder, 'case'), ...args], { encoding: 'utf8' });

  it('runs what was asked for', { timeout: 120_000 }, () => {
    const file = join(folder, 'vakthund.service');
    expect(write('--sensor', 'audit', '--write-unit', file)).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/\nExecStart=\S+ watch \S+ --case \S+ --sensor audit\n/);
  });

  it.each([
    ['--sensor', 'bogus'],
    ['--webhook', 'nowhere'],
    ['--judge-every', 'often'],
    ['--rules', '/nonexistent'],
    ['--config', '/nonexistent'],
  ])('leaves what stood there when the watch would not start by %s %s', { timeout: 120_000 }, (option, value) => {
    const file = join(folder, 'vakthund.service');
    writeFileSync(file, 'the old one');
    expect(write(option, value, '--write-unit', file).status).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('the old one');
    expect(readdirSync(folder)).toEqual(['vakthund.service']);
  });
});
