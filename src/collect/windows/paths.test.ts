import { describe, expect, it } from 'vitest';
import { baseName, registryPath, sha256In } from './paths.ts';

describe('paths of Windows', () => {
  it.each([
    ['C:\\Windows\\System32\\cmd.exe', 'cmd.exe'],
    ['/usr/bin/bash', 'bash'],
    ['System', 'System'],
  ])('has the last part of %s', (path, name) => {
    expect(baseName(path)).toBe(name);
  });

  it.each([
    ['HKLM\\SOFTWARE\\X\\Run\\Updater', true, ['HKLM', 'SOFTWARE\\X\\Run', 'Updater']],
    ['HKLM\\SOFTWARE\\X\\Run\\(Default)', true, ['HKLM', 'SOFTWARE\\X\\Run', '(Default)']],
    ['\\REGISTRY\\MACHINE\\SYSTEM\\A', false, ['HKLM', 'SYSTEM\\A', null]],
    ['\\REGISTRY\\USER\\S-1-5-18\\A\\B', true, ['HKU', 'S-1-5-18\\A', 'B']],
    ['HKU\\S-1-5-18', false, ['HKU', 'S-1-5-18', null]],
    ['HKLMX\\A', false, [null, 'HKLMX\\A', null]],
    ['HKLM', false, ['HKLM', null, null]],
  ])('takes %s apart', (path, hasValue, [hive, key, value]) => {
    expect(registryPath(path, hasValue)).toEqual({ hive, key, value });
  });

  it('finds the SHA-256 among the hashes of Sysmon', () => {
    const digest = 'AB'.repeat(32);
    expect(sha256In(`SHA1=00,SHA256=${digest},IMPHASH=11`)).toBe('ab'.repeat(32));
    expect(sha256In('SHA1=00')).toBeNull();
    expect(sha256In(null)).toBeNull();
  });
});
