import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderTree } from '../../../tree/folder-tree.ts';
import type { FileTree } from '../../../tree/tree.ts';
import type { TarMember } from '../../tar/header.ts';
import { TarReader } from '../../tar/tar-reader.ts';
import { overlayTar } from './overlay-tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-overlay-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function membersOf(tree?: FileTree): TarMember[] {
  const members: TarMember[] = [];
  const problems: string[] = [];
  const reader = new TarReader({
    member: (member) => void members.push({ ...member }),
    problem: (code) => void problems.push(code),
  });
  for (const chunk of overlayTar(folder, ({ code }) => void problems.push(code), tree)) reader.push(chunk);
  reader.end();
  expect(problems).toEqual([]);
  return members;
}

it('is a tar of what was written, with long names, links and modes', () => {
  const deep = 'long-name/'.repeat(15);
  mkdirSync(join(folder, deep), { recursive: true });
  writeFileSync(join(folder, deep, 'file'), 'x'.repeat(1_100_000));
  chmodSync(join(folder, deep, 'file'), 0o4755);
  linkSync(join(folder, deep, 'file'), join(folder, 'again'));
  symlinkSync('t'.repeat(200), join(folder, 'link'));
  const members = membersOf();
  expect(members.find(({ name }) => name === `${deep}file`)).toMatchObject({
    type: 'file',
    size: 1_100_000,
    mode: 0o4755,
  });
  expect(members.find(({ name }) => name === 'again')).toMatchObject({ size: 1_100_000 });
  expect(members.find(({ name }) => name === 'link')).toMatchObject({ type: 'symlink', target: 't'.repeat(200) });
  expect(members.filter(({ type }) => type === 'directory')).toHaveLength(15);
});

it('leaves sockets out', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
  expect(membersOf()).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

it('has a whiteout for each folder that was emptied', () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  const plain = new FolderTree(folder, 'folder');
  const marked: FileTree = {
    kind: 'folder',
    name: folder,
    lstat: (path) => plain.lstat(path),
    stat: (path) => plain.stat(path),
    list: (path) => plain.list(path),
    read: (path) => plain.read(path),
    readAt: (path, offset, length) => plain.readAt(path, offset, length),
    xattrs: (path) => new Map(path === '/a' ? [['trusted.overlay.opaque', Buffer.from('y')]] : []),
    drainProblems: () => plain.drainProblems(),
  };
  expect(membersOf(marked).map(({ name }) => name)).toEqual(['a/', 'a/.wh..wh..opq', 'a/b/']);
});

it('has a whiteout for each device that hides a name', ({ skip }) => {
  mkdirSync(join(folder, 'a'));
  const made = [
    spawnSync('mknod', [join(folder, 'a/gone'), 'c', '0', '0']),
    spawnSync('mknod', [join(folder, 'null'), 'c', '1', '3']),
  ];
  skip(
    made.some(({ status }) => status !== 0),
    'devices can be made by root alone',
  );
  expect(membersOf().map(({ name, type }) => [name, type])).toEqual([
    ['a/', 'directory'],
    ['a/.wh.gone', 'file'],
    ['null', 'character'],
  ]);
});
