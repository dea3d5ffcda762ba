import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  writeContainerdContainer,
  writeContainerdStore,
  writeContainersStorage,
  writeDockerContainer,
  writeDockerStore,
  writePodmanContainer,
} from '../../../../../tests/support/engine-store.ts';
import { walkTree } from '../../../tree/tree.ts';
import type { OpenedImage } from '../../image.ts';
import { openImage } from '../../open-image.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-store-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const app = {
  tags: ['app:1'],
  layers: [
    { 'etc/': '', 'etc/passwd': 'root', 'etc/key': 'KEY', 'bin/sh': { content: 'sh', mode: 0o4755 } },
    { 'etc/.wh.key': '', 'bin/ash': { type: '2', target: 'sh' }, ['deep/'.repeat(30) + 'file']: 'x'.repeat(2_500_000) },
  ],
  run: { User: 'app' },
};

const stores = [
  ['docker-store', writeDockerStore, 'overlay2/cache0/diff'],
  ['containers-storage', writeContainersStorage, 'overlay/layer0/diff'],
] as const;

async function withImage<T>(reference: string, use: (image: OpenedImage) => T): Promise<T> {
  const image = await openImage(reference);
  try {
    return use(image);
  } finally {
    image.close();
  }
}

describe.each(stores)('an image in a %s', (transport, write, firstLayer) => {
  it('is put together from its folders as it was when it came', async () => {
    write(root, app);
    for (const name of ['app:1', 'docker.io/library/app:1']) {
      await withImage(`${transport}:${root}:${name}`, (image) => {
        expect(image.tags).toEqual(['app:1']);
        expect(image.config.user).toBe('app');
        expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([true, true]);
        const files = [...walkTree(image.tree)].filter(({ type }) => type !== 'directory').map(({ path }) => path);
        expect(files).toEqual(['/bin/ash', '/bin/sh', `/${'deep/'.repeat(30)}file`, '/etc/passwd']);
        expect(image.tree.lstat('/bin/sh')).toMatchObject({ mode: 0o4755, layer: 0 });
        expect([...image.hiddenFiles()].map(({ entry, read }) => [entry.path, read()?.toString()])).toEqual([
          ['/etc/key', 'KEY'],
        ]);
        expect(image.drainProblems()).toEqual([]);
      });
    }
  });

  it('is found by the beginning of its id', async () => {
    write(root, app);
    const id = await withImage(`${transport}:${root}:app:1`, (image) => image.id ?? '');
    expect(await withImage(`${transport}:${root}:${id.slice(7, 19)}`, ({ tags }) => tags)).toEqual(['app:1']);
    expect(await withImage(`${transport}:${root}:${id}`, ({ tags }) => tags)).toEqual(['app:1']);
  });

  it('whose files were changed since is told, file by file', async () => {
    write(root, app);
    writeFileSync(join(root, firstLayer, 'etc/passwd'), 'eviL');
    unlinkSync(join(root, firstLayer, 'etc/key'));
    await withImage(`${transport}:${root}:app:1`, (image) => {
      expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([false, true]);
      expect(image.tree.read('/etc/passwd')?.toString()).toBe('eviL');
      const problems = image.drainProblems().map(({ code, message }) => `${code} ${message}`);
      expect(problems).toEqual([
        expect.stringContaining('checksum-mismatch "etc/key" is gone'),
        expect.stringContaining('checksum-mismatch the uncompressed layer should have the digest'),
        expect.stringContaining('checksum-mismatch "etc/passwd" has other content'),
      ]);
    });
  });

  it('one of whose files has grown is not as it came, though what came is still in it', async () => {
    write(root, app);
    writeFileSync(join(root, firstLayer, 'etc/passwd'), 'root and more');
    await withImage(`${transport}:${root}:app:1`, (image) => {
      expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([false, true]);
      expect(image.drainProblems()).toMatchObject([
        { code: 'checksum-mismatch', message: expect.stringContaining('has 13 bytes in place of 4') },
      ]);
    });
  });

  it('never reads outside the folder of a layer', async () => {
    write(root, app);
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside/passwd'), 'SECRET');
    const file = join(root, firstLayer, 'etc/passwd');
    unlinkSync(file);
    symlinkSync('../../../../outside/passwd', file);
    await withImage(`${transport}:${root}:app:1`, (image) => {
      expect(image.tree.read('/etc/passwd')?.toString()).toBe('\0\0\0\0');
    });
  });

  it('that is not there is an error, and so is a store that is damaged', async () => {
    await expect(openImage(`${transport}:${root}:app:1`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    write(root, app);
    await expect(openImage(`${transport}:${root}:none`)).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'app:1' });
    rmSync(join(root, firstLayer), { recursive: true });
    await expect(openImage(`${transport}:${root}:app:1`)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
  });
});

it('ids that would lead elsewhere are refused', async () => {
  writeContainersStorage(root, app);
  const path = join(root, 'overlay-layers/layers.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('layer0', '../../layer0'));
  await expect(openImage(`containers-storage:${root}:app:1`)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
});

describe.each([
  ['docker-container', writeDockerStore, writeDockerContainer],
  ['podman-container', writeContainersStorage, writePodmanContainer],
  ['containerd-container', writeContainerdStore, writeContainerdContainer],
] as const)('a container (%s)', (transport, writeImage, writeContainer) => {
  it('is its image with what it has written over it', async () => {
    writeImage(root, app);
    writeContainer(root, app, 'web', { 'etc/passwd': 'root\nevil', 'tmp/miner': { content: 'x', mode: 0o644 } });
    for (const name of ['web', 'c0ffeec0ff']) {
      await withImage(`${transport}:${root}:${name}`, (image) => {
        expect(image.form).toBe(transport);
        expect(image.tags).toEqual(['web']);
        expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([true, true, false]);
        expect(image.tree.read('/etc/passwd')?.toString()).toBe('root\nevil');
        expect(image.tree.lstat('/tmp/miner')).toMatchObject({ layer: 2, size: 1 });
        expect(image.tree.read('/bin/sh')?.toString()).toBe('sh');
        const hidden = [...image.hiddenFiles()].map(({ entry, hiddenBy }) => [entry.path, hiddenBy]);
        expect(hidden).toEqual([
          ['/etc/passwd', 2],
          ['/etc/key', 1],
        ]);
        expect(image.drainProblems()).toEqual([]);
      });
    }
    await expect(openImage(`${transport}:${root}:none`)).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'web' });
  });
});

describe('an image of containerd', () => {
  const named = { ...app, tags: ['docker.io/library/app:1', 'sha256:' + 'a'.repeat(64)] };

  it('is read out of its content, by name in any way to write it', async () => {
    writeContainerdStore(root, named);
    for (const name of ['app:1', 'docker.io/library/app:1', 'a'.repeat(64)]) {
      await withImage(`containerd-store:${root}:${name}`, (image) => {
        expect(image.form).toBe('containerd-store');
        expect(image.manifest?.digest).toMatch(/^sha256:/);
        expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([true, true]);
        expect(image.tree.lstat('/etc/key')).toBeUndefined();
        expect(image.drainProblems()).toEqual([]);
      });
    }
    await expect(openImage(`containerd-store:${root}:none`)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'docker.io/library/app:1',
    });
  });

  it('is read as it was unpacked where its layers were thrown away, and that is told', async () => {
    writeContainerdStore(root, named, false);
    const id = await withImage(`containerd-store:${root}:app:1`, (image) => {
      expect(image.layers.map(({ isVerified, diffId }) => [isVerified, diffId])).toEqual(
        image.config.diffIds.map((diffId) => [false, diffId]),
      );
      expect(image.tree.read('/bin/sh')?.toString()).toBe('sh');
      expect(image.drainProblems().map(({ code }) => code)).toEqual(['partly-seen', 'partly-seen']);
      return image.id;
    });
    expect(id).toMatch(/^sha256:/);
  });

  it('that a container is made of may have got another name by now, which is told', async () => {
    writeContainerdContainer(root, app, 'web', { 'tmp/x': 'x' });
    const newer = { ...app, layers: app.layers.slice(0, 1) };
    writeContainerdStore(root, newer, true, { name: 'web', image: 'app:1' }, 'sha256:' + 'b'.repeat(64));
    await withImage(`containerd-container:${root}:web`, (image) => {
      expect(image.drainProblems()).toMatchObject([
        { code: 'partly-seen', message: expect.stringContaining('"app:1" is another image by now') },
      ]);
    });
  });

  it('is refused when a database is damaged', async () => {
    writeContainerdStore(root, named);
    const path = join(root, 'io.containerd.metadata.v1.bolt/meta.db');
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 397) {
      const damaged = Buffer.from(bytes);
      damaged.fill(0xff, at, at + 8);
      writeFileSync(path, damaged);
      const outcome = await openImage(`containerd-store:${root}:app:1`).then(
        (image) => {
          image.close();
          return 'read';
        },
        (error: { code?: string }) => error.code,
      );
      expect(['read', 'EVIDENCE_READ', 'NOT_FOUND']).toContain(outcome);
    }
    writeFileSync(path, 'no database');
    await expect(openImage(`containerd-store:${root}:app:1`)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
  });
});
