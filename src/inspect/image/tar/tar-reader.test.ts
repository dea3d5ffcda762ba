import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarOf, type TarFiles } from '../../../../tests/support/tar.ts';
import type { TarMember } from './header.ts';
import { TarReader } from './tar-reader.ts';

interface Seen {
  readonly members: TarMember[];
  readonly problems: string[];
}

/** Reads a tar in chunks of a size. */
function read(tar: Buffer, chunk = tar.length): Seen {
  const seen: Seen = { members: [], problems: [] };
  const reader = new TarReader({
    member: (member) => void seen.members.push({ ...member }),
    problem: (code, byte) => void seen.problems.push(`${code}@${byte}`),
  });
  for (let at = 0; at < tar.length; at += chunk) reader.push(tar.subarray(at, at + chunk));
  reader.end();
  return seen;
}

function namesOf(tar: Buffer): string[] {
  return read(tar).members.map(({ name }) => name);
}

function withChecksum(header: Buffer): Buffer {
  header.fill(' ', 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

describe('members', () => {
  it('are told with all that a header says', () => {
    const tar = tarOf({
      'a/': { mode: 0o1777 },
      'a/file': { content: 'hello', mode: 0o4755, uid: 1000, gid: 50, mtime: 12 },
      'a/link': { type: '2', target: '../x' },
      'a/hard': { type: '1', target: 'a/file' },
      'a/null': { type: '3' },
      'a/disk': { type: '4' },
      'a/pipe': { type: '6' },
    });
    const { members, problems } = read(tar);
    expect(problems).toEqual([]);
    expect(members.map(({ name, type, target }) => [name, type, target])).toEqual([
      ['a/', 'directory', ''],
      ['a/file', 'file', ''],
      ['a/link', 'symlink', '../x'],
      ['a/hard', 'link', 'a/file'],
      ['a/null', 'character', ''],
      ['a/disk', 'block', ''],
      ['a/pipe', 'fifo', ''],
    ]);
    expect(members[0]?.mode).toBe(0o1777);
    expect(members[1]).toMatchObject({ mode: 0o4755, uid: 1000, gid: 50, mtime: 12_000_000, size: 5, offset: 1024 });
  });

  it('are the same in chunks of any size', () => {
    const tar = tarOf({ ['long/'.repeat(30)]: '', a: 'x'.repeat(1500), b: { content: 'y', pax: { mtime: '3.5' } } });
    const whole = read(tar);
    expect(whole.members).toHaveLength(3);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (chunk) => {
        expect(read(tar, chunk)).toEqual(whole);
      }),
    );
  });

  it('end at the mark: what follows is no part of the tar', () => {
    expect(namesOf(Buffer.concat([tarOf({ a: '' }), tarOf({ b: '' })]))).toEqual(['a']);
  });

  it('of the old form are folders when their name ends so', () => {
    const tar = tarOf({ 'd/': { type: '\0' }, f: { type: '\0', content: 'x' } });
    expect(read(tar).members.map(({ type }) => type)).toEqual(['directory', 'file']);
  });

  it('that have no data are followed by none, whatever their size says', () => {
    const tar = tarOf([
      ['dir/', { size: 4096 }],
      ['link', { type: '2', target: 'x', size: 700 }],
      ['file', 'x'],
    ]);
    expect(namesOf(tar)).toEqual(['dir/', 'link', 'file']);
  });
});

describe('long names and big numbers', () => {
  const long = `${'n'.repeat(200)}/file`;

  it('stand in PAX headers', () => {
    const target = 't'.repeat(150);
    const { members } = read(
      tarOf({ [long]: { content: 'x', pax: { uid: '3000000', mtime: '1.25' } }, l: { type: '2', target } }),
    );
    expect(members[0]).toMatchObject({ name: long, uid: 3_000_000, mtime: 1_250_000, size: 1 });
    expect(members[1]).toMatchObject({ target });
  });

  it('stand in members before them (GNU)', () => {
    const files: TarFiles = [
      ['././@LongLink', { type: 'L', content: `${long}\0` }],
      ['././@LongLink', { type: 'K', content: `${long}.target\0` }],
      ['short', { type: '2', target: 'short' }],
      ['next', 'x'],
    ];
    expect(read(tarOf(files)).members.map(({ name, target }) => [name, target])).toEqual([
      [long, `${long}.target`],
      ['next', ''],
    ]);
  });

  it('stand in two fields (ustar)', () => {
    const tar = tarOf({ 'b/c': 'x' });
    tar.write('some/prefix', 345);
    expect(namesOf(withChecksum(tar))).toEqual(['some/prefix/b/c']);
  });

  it('are in base 256 (GNU); negative ones are nothing', () => {
    const tar = tarOf({ a: '' });
    tar.fill(0, 108, 124);
    tar.set([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 108);
    tar.fill(0xff, 116, 124);
    expect(read(withChecksum(tar)).members[0]).toMatchObject({ uid: 0xffff_ffff, gid: 0 });
  });

  it('count for the next member alone', () => {
    const tar = tarOf([
      ['a', { content: 'x', pax: { uid: '77', 'SCHILY.xattr.user.k': 'v' } }],
      ['b', 'y'],
    ]);
    const [a, b] = read(tar).members;
    expect(a?.uid).toBe(77);
    expect(a?.xattrs?.get('user.k')?.toString()).toBe('v');
    expect(b).toMatchObject({ uid: 0, xattrs: undefined });
  });

  it('a size in a PAX header is that of the member, not of what is between', () => {
    const files: TarFiles = [
      ['first', { content: 'x'.repeat(1024), size: 0, pax: { size: '1024' } }],
      ['second', 'y'],
    ];
    expect(read(tarOf(files)).members.map(({ name, size }) => [name, size])).toEqual([
      ['first', 1024],
      ['second', 1],
    ]);
  });
});

describe('damage', () => {
  it('of a header is told once, and the next good one is read', () => {
    const tar = tarOf({ a: 'x', b: 'y', c: 'z' });
    tar.write('garbage', 1024 + 100);
    expect(read(tar)).toMatchObject({ problems: ['bad-record@1024'] });
    expect(namesOf(tar)).toEqual(['a', 'c']);
  });

  it('of a PAX header leaves what came before it', () => {
    const tar = tarOf([
      ['x', { type: 'x', content: '9 uid=5\nxx path=q\n' }],
      ['a', 'x'],
    ]);
    expect(read(tar).problems).toEqual(['bad-record@530']);
  });

  it.each([100, 512, 700, 1300])('a cut after %i bytes is told', (length) => {
    expect(read(tarOf({ a: 'x'.repeat(1000) }).subarray(0, length)).problems).toEqual([`truncated@${length}`]);
  });

  it('a missing padding at the end is none', () => {
    expect(read(tarOf({ a: 'xyz' }).subarray(0, 515)).problems).toEqual([]);
  });

  it.each(['x', 'L', 'K'])('an extended header (%s) of a gigabyte is not kept', (type) => {
    const tar = tarOf([['x', { type, size: 2 ** 30 }]]);
    expect(read(tar).problems).toEqual(['limit-reached@512', `truncated@${tar.length}`]);
  });

  it('long names without end that no member follows are read and forgotten', () => {
    const name = `${'n'.repeat(3000)}\0`;
    const tar = tarOf([
      ...Array.from({ length: 2000 }, () => ['@LongLink', { type: 'L', content: name }] as const),
      ['a', 'x'],
    ]);
    const { members, problems } = read(tar);
    expect(members).toHaveLength(1);
    expect(problems.length).toBeLessThan(100);
  });

  it('never throws, and never tells more members than blocks', () => {
    const seed = tarOf({
      'a/': '',
      'a/b': { content: 'x'.repeat(600), pax: { path: 'long', 'GNU.sparse.map': '0,5' } },
    });
    const edit = fc.record({ at: fc.nat(seed.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), fc.nat(seed.length), (edits, length) => {
        const tar = Buffer.from(seed);
        for (const { at, byte } of edits) tar[at] = byte;
        expect(read(tar.subarray(0, length)).members.length).toBeLessThanOrEqual(seed.length / 512);
      }),
      { numRuns: 500 },
    );
  });
});
