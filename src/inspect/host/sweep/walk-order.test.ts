import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemoryTree } from '../../../../tests/support/memory-tree.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { IndicatorSetBuilder } from '../../../match/indicators/set-builder.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import type { FileTree, TreeEntry } from '../../tree/tree.ts';
import { sweepTree } from './sweep.ts';
import { walkInOrder } from './walk-order.ts';

function matcherOf(value: string): IndicatorMatcher {
  const builder = new IndicatorSetBuilder();
  const kind = value.length === 64 ? 'sha256' : 'domain';
  builder.add('kit', { kind, value, description: null, confidence: null, expires_at: null });
  return new IndicatorMatcher({ set: builder.build(), asOf: 0 });
}

const pathsOf = (tree: FileTree): string[] =>
  [...walkInOrder(tree, () => true).entries].flatMap(({ path, type }) => (type === 'file' ? [path] : []));

it('suspicious places come before the rest, and each file once', () => {
  const tree = new MemoryTree({
    '/aaa/x': '',
    '/usr/share/x': '',
    '/usr/local/bin/x': '',
    '/tmp/x': '',
    '/etc/x': '',
    '/srv': { target: '/aaa' },
  });
  expect(pathsOf(tree)).toEqual(['/etc/x', '/tmp/x', '/usr/local/bin/x', '/aaa/x', '/usr/share/x']);
});

it('a folder that is mounted in a second place is walked once', () => {
  const tree = new MemoryTree({ '/etc/x': '', '/mnt/etc/x': '', '/mnt/other/x': '' });
  const inodes: Readonly<Record<string, number>> = { '/etc': 7, '/mnt/etc': 7 };
  const numbered = (entry: TreeEntry | undefined): TreeEntry | undefined =>
    entry && {
      ...entry,
      device: 1,
      inode: inodes[entry.path] ?? Number.parseInt(Buffer.from(entry.path).toString('hex'), 16),
    };
  const mounted: FileTree = {
    kind: 'folder',
    name: 'm',
    read: () => undefined,
    readAt: () => undefined,
    drainProblems: () => [],
    lstat: (path) => numbered(tree.lstat(path)),
    stat: (path) => numbered(tree.stat(path)),
    list: (path) => tree.list(path).flatMap((entry) => numbered(entry) ?? []),
  };
  expect(pathsOf(mounted)).toEqual(['/etc/x', '/mnt/other/x']);
});

it('a file with two names is read once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-sweep-'));
  try {
    mkdirSync(join(folder, 'opt'));
    writeFileSync(join(folder, 'opt/a'), 'kit');
    linkSync(join(folder, 'opt/a'), join(folder, 'opt/b'));
    const matcher = matcherOf(createHash('sha256').update('kit').digest('hex'));
    const { claims } = await sweepTree(new FolderTree(folder), { matcher });
    expect(claims.map(({ path }) => path)).toEqual(['/opt/a']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('one that is stopped tells what it found until then, and what is left', async () => {
  const stop = new AbortController();
  const files = Object.fromEntries(
    Array.from({ length: 600 }, (_none, index) => [`/opt/${index + 1000}`, 'relay.test']),
  );
  const { claims, notChecked } = await sweepTree(
    new MemoryTree({ '/etc/a': 'relay.test', '/usr/share/b': '', ...files }),
    {
      matcher: matcherOf('relay.test'),
      signal: stop.signal,
      onProgress: (path) => {
        if (path !== '/etc/a') stop.abort();
      },
    },
  );
  expect(claims).toHaveLength(256);
  expect(notChecked).toContainEqual({
    what: 'all other folders, and files from /opt/1255 on',
    why: 'it was stopped: 256 files with 2.6 kB were looked at',
  });
});

it('text that cannot be unpacked is told', async () => {
  const cut = Buffer.from('1f8b0800000000000003cb48', 'hex');
  const { notChecked } = await sweepTree(new MemoryTree({ '/var/log/a.gz': cut }), {
    matcher: matcherOf('relay.test'),
  });
  expect(notChecked.map(({ what }) => what)).toContain('the text in 1 files packed with gzip');
});
