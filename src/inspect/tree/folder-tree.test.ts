import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderTree } from './folder-tree.ts';
import { normalPath, walkTree } from './tree.ts';

let base: string;
let tree: FolderTree;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'vakthund-tree-'));
  const root = join(base, 'root');
  mkdirSync(join(root, 'etc/deep'), { recursive: true });
  writeFileSync(join(base, 'secret'), 'outside');
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0');
  chmodSync(join(root, 'etc/passwd'), 0o4755);
  symlinkSync('/etc', join(root, 'absolute'));
  symlinkSync('../../../../secret', join(root, 'etc/escape'));
  symlinkSync('../../passwd', join(root, 'etc/deep/up'));
  symlinkSync('loop-b', join(root, 'loop-a'));
  symlinkSync('loop-a', join(root, 'loop-b'));
  tree = new FolderTree(root);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a root that stands in a folder', () => {
  it('is read by paths of its own, with set-id bits', () => {
    expect(tree.lstat('/etc/passwd')).toMatchObject({ path: '/etc/passwd', type: 'file', size: 10, mode: 0o4755 });
    expect(tree.read('/etc/passwd')?.toString()).toBe('root:x:0:0');
    expect(tree.read('etc/passwd', 4)?.toString()).toBe('root');
    expect(tree.readAt('/etc/passwd', 5, 3)?.toString()).toBe('x:0');
    expect(tree.readAt('/etc/passwd', 50, 3)?.length).toBe(0);
  });

  it('follows links inside itself, as a chroot does', () => {
    expect(tree.read('/absolute/passwd')?.toString()).toBe('root:x:0:0');
    expect(tree.stat('/absolute/passwd')?.path).toBe('/etc/passwd');
    expect(tree.lstat('/absolute')).toMatchObject({ type: 'symlink', target: '/etc' });
    expect(tree.list('/absolute').map(({ path }) => path)).toEqual(['/etc/deep', '/etc/escape', '/etc/passwd']);
  });

  it('may be named by a link, as the root of a process is in /proc', () => {
    symlinkSync('root', join(base, 'link'));
    const linked = new FolderTree(join(base, 'link'));
    expect(linked.lstat('/')).toMatchObject({ path: '/', type: 'directory' });
    expect(linked.list('/').map(({ path }) => path)).toEqual(tree.list('/').map(({ path }) => path));
    expect(linked.read('/absolute/passwd')?.toString()).toBe('root:x:0:0');
    const own = new FolderTree(`/proc/${process.pid}/root`);
    expect(own.list('/').length).toBeGreaterThan(5);
    expect(own.lstat('/etc')).toMatchObject({ path: '/etc', type: 'directory' });
  });

  it('is never left by a link or by dots', () => {
    expect(tree.read('/etc/escape')).toBeUndefined();
    expect(tree.read('/../../secret')).toBeUndefined();
    expect(tree.stat('/etc/deep/up')).toBeUndefined();
    expect(tree.stat('/loop-a')).toBeUndefined();
    expect(tree.lstat('/loop-a')?.type).toBe('symlink');
  });

  it('is walked folder by folder without following links', () => {
    expect([...walkTree(tree)].map(({ path }) => path)).toEqual([
      '/absolute',
      '/etc',
      '/etc/deep',
      '/etc/deep/up',
      '/etc/escape',
      '/etc/passwd',
      '/loop-a',
      '/loop-b',
    ]);
    expect([...walkTree(tree, '/', ({ path }) => path !== '/etc/deep')].map(({ path }) => path)).not.toContain(
      '/etc/deep/up',
    );
  });

  it('hashes a file, and nothing else', () => {
    expect(tree.digest('/etc/passwd', 'md5')).toBe('0b363ac5e438494fb856359998217d25');
    expect(tree.digest('/absolute/passwd', 'md5')).toBe('0b363ac5e438494fb856359998217d25');
    expect(tree.digest('/etc', 'md5')).toBeUndefined();
    expect(tree.digest('/etc/escape', 'md5')).toBeUndefined();
  });

  it('tells attributes and flags of an entry where the C library can be asked', () => {
    expect(tree.xattrs?.('/etc/none') ?? new Map()).toEqual(new Map());
    expect(tree.flags?.('/etc/passwd')?.isImmutable ?? false).toBe(false);
  });

  it('has files and folders whose names are no UTF-8, each by its own path', () => {
    const at = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from(join(base, 'odd/')), Buffer.from(bytes)]);
    mkdirSync(join(base, 'odd'));
    mkdirSync(at(0x64, 0xff));
    writeFileSync(at(0xff, 0x6b), 'one');
    writeFileSync(at(0xfe, 0x6b), 'two');
    writeFileSync(at(0x64, 0xff, 0x2f, 0xc3), 'three');
    symlinkSync('k', at(0xfd));
    const odd = new FolderTree(join(base, 'odd'));
    const files = [...walkTree(odd)].filter(({ type }) => type === 'file').map(({ path }) => path);
    expect(files.toSorted()).toEqual(['/d\uFFFD/\uFFFD', '/\uFFFDk', '/\uFFFDk\uFFFD1']);
    expect(new Set(files.map((path) => odd.read(path)?.toString()))).toEqual(new Set(['one', 'three', 'two']));
    expect(odd.digest('/d\uFFFD/\uFFFD', 'md5')).toBe('35d6d33467aae9a2e3dccb4b6b027878');
    expect(odd.xattrs?.('/\uFFFDk') ?? new Map()).toEqual(new Map());
    expect(odd.drainProblems()).toEqual([]);
  });

  it('tells apart many names that look alike, and one that looks like a number given to another', () => {
    const folder = join(base, 'alike');
    mkdirSync(folder);
    const name = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)]);
    const names = Array.from({ length: 3000 }, (_, at) => [
      0x80 + (at >> 12),
      0x80 + ((at >> 6) & 63),
      0x80 + (at & 63),
    ]);
    const given = [
      [0xfe, 0x6b],
      [0xff, 0x6b],
      [0xfe, 0x6b, 0xff, 0x31],
      [0xff, 0x6b, 0xff, 0x31],
    ];
    for (const [at, bytes] of [...names, ...given].entries()) writeFileSync(name(...bytes), String(at));
    const odd = new FolderTree(folder);
    for (let time = 0; time < 2; time++) {
      const read = odd.list('/').map((entry) => odd.read(entry.path)?.toString());
      expect(new Set(read).size).toBe(names.length + given.length);
      expect(read).not.toContain(undefined);
    }
  });

  it('says nothing of what is not there', () => {
    expect(tree.read('/none')).toBeUndefined();
    expect(tree.list('/etc/passwd')).toEqual([]);
    expect(tree.drainProblems()).toEqual([]);
  });
});

it.each([
  ['', '/'],
  ['a//b/./c/', '/a/b/c'],
  ['/../../a', '/a'],
  ['/a/../..', '/'],
])('%s is the path %s', (path, normal) => {
  expect(normalPath(path)).toBe(normal);
});
