import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutate } from '../../../tests/fuzz/mutate.ts';
import { Random } from '../../../tests/fuzz/random.ts';
import { dockerArchive, ociLayout, type MadeImage } from '../../../tests/support/image-archive.ts';
import { tarOf } from '../../../tests/support/tar.ts';
import { VakthundError } from '../../base/errors.ts';
import { walkTree } from '../tree/tree.ts';
import { openImage } from './open-image.ts';

/** What an archive that was damaged on purpose may do: be refused with an error of ours, or be read with problems. */
const executions = 60;
const maxBytes = 50_000_000;

const image: MadeImage = {
  tags: ['app:1'],
  layers: [
    { 'a/': '', 'a/b': 'x'.repeat(700), l: { type: '2', target: 'a' }, h: { type: '1', target: 'a/b' } },
    {
      'a/.wh.b': '',
      'c/.wh..wh..opq': '',
      ['long/'.repeat(40)]: '',
      s: { content: 'data', pax: { 'GNU.sparse.size': '90', 'GNU.sparse.map': '10,4' } },
    },
  ],
};

const seeds: readonly (readonly [string, Buffer])[] = [
  ['docker-archive', dockerArchive(image)],
  ['docker-archive, compressed', gzipSync(dockerArchive(image))],
  ['OCI archive, gzip', tarOf(ociLayout([image]))],
  ['OCI archive, zstd', tarOf(ociLayout([image], 'zstd'))],
  ['OCI archive of two platforms', tarOf(ociLayout([image, { ...image, architecture: 'arm64' }], 'none'))],
  ['root filesystem', tarOf(image.layers[0] ?? {})],
  ['root filesystem, zstd', zstdCompressSync(tarOf(image.layers[1] ?? {}))],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-mutation-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens an archive and asks for everything in it; gives the code of the error that refused it. */
async function readAll(path: string): Promise<string | undefined> {
  try {
    const opened = await openImage(path, { spoolFolder: folder, limits: { bytes: maxBytes, entries: 10_000 } });
    try {
      for (const tree of [opened.tree, ...opened.layers.map(({ index }) => opened.layerTree(index))]) {
        for (const entry of walkTree(tree)) {
          expect(tree.lstat(entry.path)?.path).toBe(entry.path);
          tree.read(entry.path, 1000);
        }
      }
      for (const hidden of opened.hiddenFiles()) hidden.read(1000);
      opened.drainProblems();
      return undefined;
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof VakthundError && error.code !== 'INTERNAL') return error.code;
    throw error;
  }
}

it.each(seeds)('a damaged %s is refused or read, and nothing else', async (name, seed) => {
  const random = new Random(2026);
  const path = join(folder, 'damaged');
  const others = seeds.map(([, bytes]) => bytes);
  const outcomes = new Set<string | undefined>();
  for (let left = executions; left > 0; left--) {
    writeFileSync(path, mutate(seed, random, others));
    outcomes.add(await readAll(path));
  }
  writeFileSync(path, seed);
  outcomes.add(await readAll(name.includes('OCI') ? `${path}:app:1` : path));
  expect(outcomes).toContain(undefined);
});
