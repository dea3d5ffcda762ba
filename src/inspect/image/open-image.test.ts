import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive, ociLayout, writeFiles, type MadeImage } from '../../../tests/support/image-archive.ts';
import { tarOf } from '../../../tests/support/tar.ts';
import { walkTree } from '../tree/tree.ts';
import type { OpenedImage } from './image.ts';
import { openImage } from './open-image.ts';
import type { OpenImageOptions } from './open-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-image-test-'));
  mkdirSync(join(folder, 'spool'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const app: MadeImage = {
  tags: ['app:1'],
  layers: [
    { 'etc/': '', 'etc/passwd': 'root', 'etc/secret.pem': 'KEY', 'bin/sh': { content: 'sh', mode: 0o4755, uid: 7 } },
    { 'etc/.wh.secret.pem': '', 'etc/passwd': 'root\napp', 'bin/ash': { type: '2', target: 'sh' } },
  ],
  run: {
    User: 'app',
    Env: ['A=b'],
    Entrypoint: ['/bin/sh'],
    Cmd: ['-c', 'x'],
    ExposedPorts: { '22/tcp': {} },
    Labels: { maintainer: 'me' },
    Healthcheck: { Test: ['CMD', 'true'] },
  },
  history: ['ADD base', 'RUN rm /etc/secret.pem'],
};

async function withImage<T>(
  reference: string,
  use: (image: OpenedImage) => T,
  options: OpenImageOptions = {},
): Promise<T> {
  const image = await openImage(reference, { spoolFolder: join(folder, 'spool'), ...options });
  try {
    // What is spooled has no name: nothing is left, however it ends.
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
    return use(image);
  } finally {
    image.close();
  }
}

function write(name: string, bytes: Buffer): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

function writeLayout(...args: Parameters<typeof ociLayout>): string {
  writeFiles(join(folder, 'layout'), ociLayout(...args));
  return join(folder, 'layout');
}

function contentOf(image: OpenedImage): Record<string, string | undefined> {
  const entries = [...walkTree(image.tree)].filter(({ type }) => type !== 'directory');
  return Object.fromEntries(entries.map(({ path }) => [path, image.tree.read(path)?.toString()]));
}

const merged = { '/bin/ash': 'sh', '/bin/sh': 'sh', '/etc/passwd': 'root\napp' };

describe('every form of an image gives the same tree', () => {
  it.each([
    ['docker-archive', () => write('image.tar', dockerArchive(app))],
    ['docker-archive', () => write('image.tar.gz', gzipSync(dockerArchive(app)))],
    ['oci-layout', () => writeLayout([app], 'gzip')],
    ['oci-layout', () => writeLayout([app], 'zstd')],
    ['oci-layout', () => writeLayout([app], 'none')],
    ['oci-archive', () => write('image.tar', tarOf(ociLayout([app], 'zstd')))],
    ['oci-archive', () => write('image.tgz', gzipSync(tarOf(ociLayout([app]))))],
  ])('%s', async (form, make) => {
    await withImage(make(), (image) => {
      expect(image.form).toBe(form);
      expect(image.tags).toEqual(['app:1']);
      expect(contentOf(image)).toEqual(merged);
      expect(image.tree.lstat('/bin/sh')).toMatchObject({ mode: 0o4755, uid: 7, layer: 0 });
      expect(image.tree.lstat('/etc/passwd')).toMatchObject({ size: 8, layer: 1 });
      expect(image.layers.map(({ isVerified, entries, history }) => [isVerified, entries, history?.createdBy])).toEqual(
        [
          [true, 4, 'ADD base'],
          [true, 2, 'RUN rm /etc/secret.pem'],
        ],
      );
      expect(image.drainProblems()).toEqual([]);
    });
  });

  it('and the same word about itself', async () => {
    await withImage(writeLayout([app]), ({ config, manifest, id }) => {
      expect(config).toMatchObject({
        user: 'app',
        env: ['A=b'],
        entrypoint: ['/bin/sh'],
        cmd: ['-c', 'x'],
        exposedPorts: ['22/tcp'],
        labels: { maintainer: 'me' },
        healthcheck: ['CMD', 'true'],
        platform: { os: 'linux', architecture: 'amd64' },
        created: 1_773_100_800_000_000,
      });
      expect(manifest?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    });
  });

  it('a tar without any of it is a root filesystem', async () => {
    const path = write('root.tar', tarOf({ './etc/os-release': 'ID=x', 'manifest.json': '{}' }));
    await withImage(path, (image) => {
      expect(image.form).toBe('rootfs');
      expect(contentOf(image)).toEqual({ '/etc/os-release': 'ID=x', '/manifest.json': '{}' });
    });
  });

  it('and so is a folder', async () => {
    writeFiles(join(folder, 'root'), { 'etc/os-release': Buffer.from('ID=x') });
    await withImage(join(folder, 'root'), (image) => {
      expect(image.form).toBe('rootfs');
      expect(contentOf(image)).toEqual({ '/etc/os-release': 'ID=x' });
    });
  });
});

it('the archive of a newer Docker is read as the layout that it is, by its full name', async () => {
  const { 'index.json': index, ...files } = ociLayout([app]);
  const json = JSON.parse(index?.toString() ?? '') as { manifests: { annotations: Record<string, string> }[] };
  const annotations = {
    'io.containerd.image.name': 'docker.io/library/app:1',
    'org.opencontainers.image.ref.name': '1',
  };
  for (const manifest of json.manifests) manifest.annotations = annotations;
  const path = write('image.tar', tarOf({ ...files, 'index.json': JSON.stringify(json), 'manifest.json': '[]' }));
  for (const reference of [path, `${path}:app:1`, `${path}:1`]) {
    await withImage(reference, (image) => {
      expect(image).toMatchObject({ form: 'oci-archive', tags: ['docker.io/library/app:1'] });
      expect(contentOf(image)).toEqual(merged);
    });
  }
});

describe('what later layers hid', () => {
  it('is listed and can be read', async () => {
    await withImage(write('image.tar', dockerArchive(app)), (image) => {
      const hidden = [...image.hiddenFiles()].map(({ entry, hiddenBy, how, read }) => [
        entry.path,
        entry.layer,
        hiddenBy,
        how,
        read()?.toString(),
      ]);
      expect(hidden).toEqual([
        ['/etc/passwd', 0, 1, 'overwritten', 'root'],
        ['/etc/secret.pem', 0, 1, 'removed', 'KEY'],
      ]);
    });
  });

  it('stands in the tree of its layer', async () => {
    await withImage(write('image.tar', dockerArchive(app)), (image) => {
      const paths = (layer: number): string[] => [...walkTree(image.layerTree(layer))].map(({ path }) => path);
      expect(paths(0)).toEqual(['/bin', '/bin/sh', '/etc', '/etc/passwd', '/etc/secret.pem']);
      expect(paths(1)).toEqual(['/bin', '/bin/ash', '/etc', '/etc/passwd']);
      expect(image.layerTree(0).read('/etc/passwd')?.toString()).toBe('root');
    });
  });
});

describe('one of several images', () => {
  const other: MadeImage = { tags: ['other:2'], layers: [{ a: 'A' }] };

  it('is chosen by its name', async () => {
    const path = write('image.tar', dockerArchive(app, other));
    for (const reference of [`${path}:other:2`, `docker-archive:${path}:docker.io/library/other:2`, `${path}:@1`]) {
      expect(await withImage(reference, contentOf)).toEqual({ '/a': 'A' });
    }
    await expect(openImage(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('2 images'),
    });
    await expect(openImage(`${path}:none`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const layout = writeLayout([app, other]);
    expect(await withImage(`oci:${layout}:other:2`, contentOf)).toEqual({ '/a': 'A' });
    await expect(openImage(layout)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is chosen by its platform', async () => {
    const layers = (text: string): MadeImage['layers'] => [{ a: text }];
    const layout = writeLayout([
      { layers: layers('amd64') },
      { layers: layers('v7'), architecture: 'arm', variant: 'v7' },
      { layers: layers('v6'), architecture: 'arm', variant: 'v6' },
    ]);
    for (const [platform, content] of [
      ['linux/amd64', 'amd64'],
      ['linux/arm/v6', 'v6'],
      ['linux/arm/v8', 'v7'],
    ] as const) {
      await withImage(
        layout,
        (image) => {
          expect(contentOf(image)).toEqual({ '/a': content });
          expect(image.index?.digest).toMatch(/^sha256:/);
        },
        { platform },
      );
    }
    await expect(openImage(layout, { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: '--platform linux/amd64, --platform linux/arm/v7, --platform linux/arm/v6',
    });
    await expect(openImage(layout, { platform: 'linux' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('damage', () => {
  it('of a digest is told, and the layer is read as it stands', async () => {
    const files = { ...ociLayout([app], 'none') };
    for (const [path, bytes] of Object.entries(files)) {
      if (bytes.includes('KEY')) files[path] = Buffer.from(bytes.toString('latin1').replace('KEY', 'YEK'), 'latin1');
    }
    await withImage(write('image.tar', tarOf(files)), (image) => {
      expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([false, true]);
      expect(contentOf(image)).toEqual(merged);
      expect(image.drainProblems().map(({ code }) => code)).toEqual(['checksum-mismatch', 'checksum-mismatch']);
    });
  });

  it('of a compressed layer leaves what came before it', async () => {
    const big = {
      layers: [{ first: 'A', noise: Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at) % 251)) }],
    };
    const files = { ...ociLayout([big]) };
    for (const [path, bytes] of Object.entries(files)) {
      if (bytes[0] === 0x1f) files[path] = bytes.subarray(0, bytes.length - 50);
    }
    await withImage(write('image.tar', tarOf(files)), (image) => {
      expect(image.tree.read('/first')?.toString()).toBe('A');
      expect(image.layers[0]).toMatchObject({ isVerified: false });
      expect(image.drainProblems().map(({ code }) => code)).toEqual(['decompress-failed']);
    });
  });

  it('of what cannot be opened at all is an error', async () => {
    for (const path of [join(folder, 'none'), './none', 'none.tar', 'none.tar.gz:app:1', 'oci:none']) {
      await expect(openImage(path)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const text of ['', 'no tar at all'.repeat(100)]) {
      await expect(openImage(write('text', Buffer.from(text)))).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
    }
    await expect(openImage('/dev/null')).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
    const { 'index.json': index, ...rest } = ociLayout([app]);
    const path = write(
      'image.tar',
      tarOf({ ...rest, 'index.json': index?.toString().replace('sha256:', 'sha256:0') ?? '' }),
    );
    await expect(openImage(`oci-archive:${path}`)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
  });
});

describe('bounds', () => {
  it('stop a bomb and say so', async () => {
    const path = writeLayout([{ layers: [{ first: 'A', zeros: Buffer.alloc(20_000_000) }] }]);
    await withImage(
      path,
      (image) => {
        expect(image.tree.read('/first')?.toString()).toBe('A');
        expect(image.drainProblems()).toMatchObject([{ code: 'limit-reached' }]);
        expect(image.layers[0]?.isVerified).toBe(false);
      },
      { limits: { bytes: 5_000_000 } },
    );
  });

  it('stop what grows to many times its size soon, in a layer and around all layers', async () => {
    const zeros = { first: 'A', zeros: Buffer.alloc(20_000_000), last: 'Z' };
    const limits = { expansion: 100, expansionFloor: 5_000_000 };
    const message = /grow.* to more than 100 times .* 5 MB/;
    const layer = writeLayout([{ layers: [zeros] }]);
    const archive = write('app.tar.gz', gzipSync(dockerArchive({ layers: [{ before: 'B' }, zeros] })));
    const read = (image: OpenedImage) => image.tree.read('/last')?.toString();
    for (const path of [layer, archive]) {
      await withImage(
        path,
        (image) => {
          expect(read(image)).toBeUndefined();
          expect(image.drainProblems()).toContainEqual(
            expect.objectContaining({ code: 'limit-reached', message: expect.stringMatching(message) as string }),
          );
        },
        { limits },
      );
      await withImage(path, (image) => expect(read(image)).toBe('Z'), { limits: { ...limits, expansion: 2000 } });
      await withImage(path, (image) => expect(read(image)).toBe('Z'));
    }
  });

  it('hold for what is kept of long names, attributes and lists of parts', async () => {
    const pax = { 'SCHILY.xattr.user.x': 'v'.repeat(10_000) };
    const layer = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, { pax }]));
    await withImage(
      write('image.tar', dockerArchive({ layers: [layer] })),
      (image) => {
        expect(image.tree.list('/')).toHaveLength(10);
        expect(image.drainProblems().map(({ code }) => code)).toEqual(['limit-reached']);
      },
      { limits: { indexBytes: 100_000 } },
    );
  });

  it('hold for names and layers', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, 'x']));
    const path = write('image.tar', dockerArchive({ layers: [many, { last: 'x' }, { later: 'x' }] }));
    await withImage(
      path,
      (image) => {
        expect(image.tree.list('/')).toHaveLength(49);
        expect(image.layers).toHaveLength(2);
        expect(image.drainProblems().map(({ code }) => code)).toEqual([
          'limit-reached',
          'limit-reached',
          'limit-reached',
        ]);
      },
      { limits: { entries: 50, layers: 2 } },
    );
  });
});
