import { describe, expect, it } from 'vitest';
import { fileParts, hashAlgorithm, macAddress, processParts } from './entity-parts.ts';

describe('the parts of an entity', () => {
  it.each([
    ['web01:/etc/cron.d/sync', { host: 'web01', folder: '/etc/cron.d', name: 'sync' }],
    ['/init', { host: undefined, folder: '/', name: 'init' }],
    ['sync', { host: undefined, folder: '', name: 'sync' }],
    [String.raw`C:\Windows\x.exe`, { host: undefined, folder: String.raw`C:\Windows`, name: 'x.exe' }],
    [String.raw`pc7:C:\Windows\x.exe`, { host: 'pc7', folder: String.raw`C:\Windows`, name: 'x.exe' }],
    ['', { host: undefined, folder: '', name: '' }],
  ])('of the file %s', (value, parts) => {
    expect(fileParts(value)).toEqual(parts);
  });

  it('of a process, a hash and a MAC address', () => {
    expect(processParts('web01/4711/sh -c a/b')).toEqual({ host: 'web01', pid: 4711, name: 'sh -c a/b' });
    expect(processParts('sh')).toBeUndefined();
    expect(hashAlgorithm('A'.repeat(64))).toBe('SHA-256');
    expect(hashAlgorithm('z'.repeat(64))).toBeUndefined();
    expect(hashAlgorithm('a'.repeat(30))).toBeUndefined();
    expect(macAddress('00-00-5E-00-53-01')).toBe('00:00:5e:00:53:01');
    expect(macAddress('0000.5e00.5301')).toBe('00:00:5e:00:53:01');
    expect(macAddress('printer')).toBeUndefined();
  });
});
