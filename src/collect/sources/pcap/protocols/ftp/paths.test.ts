import { describe, expect, it } from 'vitest';
import { joinPath, pathInReply, urlOf } from './paths.ts';

describe('folders of an FTP server', () => {
  it.each([
    ['/pub', 'a/./b/../c', '/pub/a/c'],
    ['/pub', '/etc', '/etc'],
    ['/pub', '../../..', '/'],
    ['.', '../x', '../x'],
    ['/pub', '', '/pub'],
  ])('%s and %s are %s', (folder, name, path) => {
    expect(joinPath(folder, name)).toBe(path);
  });

  it('get no longer than a path can be, however often a client goes on', () => {
    let folder = '/';
    for (let step = 0; step < 100; step++) folder = joinPath(folder, '\u{1F600}'.repeat(500));
    expect(folder.length).toBeLessThanOrEqual(4096);
    expect(folder.isWellFormed()).toBe(true);
  });

  it('are told in URLs, and in replies with doubled quotes', () => {
    expect(urlOf('2001:db8::1', '/pub', 'a.bin')).toBe('ftp://[2001:db8::1]/pub/a.bin');
    expect(pathInReply('"/a ""b""" is the current directory')).toBe('/a "b"');
    expect(pathInReply('no path')).toBeUndefined();
  });
});
