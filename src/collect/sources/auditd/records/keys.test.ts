import { describe, expect, it } from 'vitest';
import { internKey, key, KeySet, nextHash } from './keys.ts';

function intern(name: string): ReturnType<typeof key> {
  const bytes = Buffer.from(name, 'latin1');
  let hash = 0;
  for (const byte of bytes) hash = nextHash(hash, byte);
  return internKey(bytes, 0, bytes.length, hash);
}

describe('keys', () => {
  it('are one object for each name', () => {
    expect(intern('syscall')).toBe(key('syscall'));
    expect(intern('suid')).not.toBe(intern('sgid'));
  });

  it('write their name into JSON', () => {
    expect(Buffer.from(intern('a"b').opening).toString()).toBe('"a\\"b":"');
  });

  it('keep no more names than their bound, and still read all', () => {
    for (let index = 0; index < 5000; index++) expect(intern(`invented_${index}`).name).toBe(`invented_${index}`);
    expect(intern('x'.repeat(5000)).name).toHaveLength(5000);
    expect(intern('syscall')).toBe(key('syscall'));
  });

  it('are members of the sets that name them only', () => {
    const set = new KeySet('pid ppid');
    expect([set.has(key('pid')), set.has(key('uid')), set.has(intern('y'.repeat(50)))]).toEqual([true, false, false]);
  });
});
