import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveEngine } from '../../../../../tests/support/engine.ts';
import { dockerArchive, imageBlobs, type MadeImage } from '../../../../../tests/support/image-archive.ts';
import { tarOf } from '../../../../../tests/support/tar.ts';
import { walkTree } from '../../../tree/tree.ts';
import type { OpenedImage } from '../../image.ts';
import { listStore } from '../../list-images.ts';
import { identifyImage, openImage } from '../../open-image.ts';
import { openContentStore } from '../../open-store.ts';

const app: MadeImage = {
  tags: ['registry.example/team/app:1'],
  layers: [{ 'etc/': '', 'etc/passwd': 'root', 'etc/motd': 'hello', 'bin/sh': { content: 'sh', mode: 0o4755 } }],
  run: { User: 'app' },
};
const id = imageBlobs(app).all[1]?.digest ?? '';
const long = `${'deep/'.repeat(30)}file`;
const exported = tarOf({
  'etc/': '',
  'etc/passwd': 'root\nevil',
  'bin/sh': { content: 'sh', mode: 0o4755 },
  'bin/ash': { type: '1', target: 'bin/sh' },
  [long]: 'x'.repeat(2_500_000),
});
const changes = [
  { Path: '/etc', Kind: 0 },
  { Path: '/etc/passwd', Kind: 0 },
  { Path: '/etc/motd', Kind: 2 },
  { Path: '/bin/ash', Kind: 1 },
  { Path: `/${long}`, Kind: 1 },
  { Path: '/gone/before/the/export', Kind: 1 },
  'no change',
];
const container = { Id: 'c'.repeat(64), Name: '/web', Image: id };

let folder: string;
let socket: string;
let engine: { close(): Promise<void> };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-engine-'));
  socket = join(folder, 'engine.sock');
  const inspected = { Id: id, RepoTags: app.tags };
  engine = await serveEngine(socket, {
    '/images/json': [inspected],
    '/images/registry.example/team/app:1/json': inspected,
    [`/images/${id}/json`]: inspected,
    [`/images/${id}/get`]: dockerArchive({ ...app, tags: [] }),
    '/images/strange/json': { Id: '../../containers' },
    '/containers/json?all=1': [{ Names: ['/web'], ImageID: id, State: 'running' }, { Names: [] }],
    '/containers/web/json': container,
    '/containers/web/changes': changes,
    '/containers/web/export': exported,
    '/containers/still/json': { ...container, Name: '/still' },
    '/containers/still/changes': null,
    '/containers/still/export': exported,
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function withImage<T>(reference: string, use: (image: OpenedImage) => T): Promise<T> {
  const image = await openImage(reference, { engineSockets: [join(folder, 'none'), socket] });
  try {
    return use(image);
  } finally {
    image.close();
  }
}

it('reads an image that an engine gives out on its socket', async () => {
  for (const name of ['docker-daemon:registry.example/team/app:1', `docker-daemon:${socket}:${id}`]) {
    await withImage(name, (image) => {
      expect(image).toMatchObject({ form: 'docker-daemon', id, tags: app.tags, config: { user: 'app' } });
      expect(image.layers.map(({ isVerified }) => isVerified)).toEqual([true]);
      expect(image.tree.read('/etc/passwd')?.toString()).toBe('root');
      expect(image.drainProblems()).toEqual([]);
    });
  }
  expect(await identifyImage(`docker-daemon:${socket}:${id}`)).toBe(id);
});

it('reads a container as its image and one layer of what it has written', async () => {
  await withImage(`docker-daemon-container:${socket}:web`, (image) => {
    expect(image).toMatchObject({ form: 'docker-daemon-container', id, tags: ['web'] });
    const written = [...walkTree(image.layerTree(1))].map(({ path, size }) => [path, size]);
    expect(written.filter(([path]) => !String(path).startsWith('/deep'))).toEqual([
      ['/bin', 0],
      ['/bin/ash', 2],
      ['/etc', 0],
      ['/etc/passwd', 9],
    ]);
    expect(image.tree.stat(`/${long}`)?.size).toBe(2_500_000);
    expect(image.tree.read('/etc/passwd')?.toString()).toBe('root\nevil');
    expect(image.tree.read('/bin/ash')?.toString()).toBe('sh');
    const hidden = [...image.hiddenFiles()].map(({ entry, how }) => [entry.path, how]);
    expect(hidden.sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
      ['/etc/motd', 'removed'],
      ['/etc/passwd', 'overwritten'],
    ]);
    expect(image.drainProblems()).toEqual([]);
  });
  await withImage('docker-daemon-container:still', (image) => {
    expect([...walkTree(image.layerTree(1))]).toEqual([]);
  });
});

it('lists what an engine has', async () => {
  expect(await listStore('docker-daemon:', { engineSockets: [socket] })).toEqual({
    root: socket,
    images: [`docker-daemon:${socket}:${id}`],
    containers: [
      { name: 'web', image: id, isRunning: true },
      { name: '', image: '', isRunning: false },
    ],
  });
  expect(await listStore(`docker-daemon:${socket}:app:1`)).toBeUndefined();
});

it.each([
  ['an unknown image', 'docker-daemon:other:1', /has no image "other:1"/],
  ['an unknown container', 'docker-daemon-container:../images', /has no container "..\/images"/],
  ['an id that is none', 'docker-daemon:strange', /has no image/],
])('says what is missing of %s', async (_, name, message) => {
  await expect(openImage(name, { engineSockets: [socket] })).rejects.toThrow(message);
});

it('says so when no engine is there', async () => {
  const engineSockets = [join(folder, 'none')];
  await expect(openImage('docker-daemon:app', { engineSockets })).rejects.toThrow(/no engine listens on/);
  await expect(openImage(`docker-daemon:${socket}`)).rejects.toThrow(/is a socket/);
  await expect(openContentStore('docker-daemon:app')).rejects.toThrow(/engines keep no signatures/);
});
