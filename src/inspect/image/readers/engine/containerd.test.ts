import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesField, serveGrpc, type GrpcAnswer } from '../../../../../tests/support/grpc.ts';
import { imageBlobs, type MadeImage } from '../../../../../tests/support/image-archive.ts';
import { textField, textOfField } from '../../../../base/grpc/protobuf.ts';
import { listStore } from '../../list-images.ts';
import { identifyImage, openImage } from '../../open-image.ts';

const app: MadeImage = {
  tags: ['app:1'],
  layers: [{ 'etc/': '', 'etc/passwd': 'root', 'etc/big': 'x'.repeat(1_500_000) }],
  run: { User: 'app' },
};
const { descriptor, all } = imageBlobs(app);
const other = imageBlobs({ tags: ['other:1'], layers: [{ 'etc/motd': 'other' }] });
const blobs = new Map([...all, ...other.all].map(({ digest, bytes }) => [digest, bytes]));
const images: Readonly<Record<string, readonly (readonly [name: string, digest: string])[]>> = {
  default: [['docker.io/library/app:1', descriptor.digest]],
  'k8s.io': [
    ['docker.io/library/app:1', other.descriptor.digest],
    [`sha256:${'a'.repeat(64)}`, other.descriptor.digest],
    ['registry.example/gone:1', `sha256:${'f'.repeat(64)}`],
  ],
};

/** Messages of `containerd.services`: field numbers as its API has them. */
function answer(method: string, message: Buffer, headers: Readonly<Record<string, unknown>>): GrpcAnswer {
  const namespace = String(headers['containerd-namespace']);
  switch (method.replace('containerd.services.', '')) {
    case 'namespaces.v1.Namespaces/List':
      return [Buffer.concat(Object.keys(images).map((name) => bytesField(1, textField(1, name))))];
    case 'images.v1.Images/List':
      return [Buffer.concat((images[namespace] ?? []).map(([name, digest]) => imageMessage(name, digest)))];
    case 'content.v1.Content/Read':
      return contentOf(textOfField(message, 1));
    case 'containers.v1.Containers/List':
      return [namespace === 'default' ? Buffer.alloc(0) : containers];
    case 'tasks.v1.Tasks/List':
      return [namespace === 'default' ? Buffer.alloc(0) : tasks];
    default:
      return { status: 12, message: `unknown method ${method}` };
  }
}

function imageMessage(name: string, digest: string): Buffer {
  return bytesField(1, Buffer.concat([textField(1, name), bytesField(3, textField(2, digest))]));
}

function contentOf(digest: string): GrpcAnswer {
  const bytes = blobs.get(digest);
  if (bytes === undefined) return { status: 5, message: `content ${digest}: not found` };
  const half = Math.ceil(bytes.length / 2);
  return [bytes.subarray(0, half), bytes.subarray(half)].map((part) => bytesField(2, part));
}

function label(name: string, value: string): Buffer {
  return bytesField(2, Buffer.concat([textField(1, name), textField(2, value)]));
}

const labels = [label('io.kubernetes.pod.name', 'shop'), label('io.kubernetes.container.name', 'web')];
const image = textField(3, 'docker.io/library/app:1');
const containers = Buffer.concat([
  bytesField(1, Buffer.concat([textField(1, 'c0ffee'), ...labels, image])),
  bytesField(1, Buffer.concat([textField(1, 'job'), image])),
]);
const tasks = bytesField(1, Buffer.concat([textField(2, 'c0ffee'), Buffer.from([0x20, 2])]));

let folder: string;
let socket: string;
let service: { close(): Promise<void> };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-containerd-'));
  socket = join(folder, 'containerd.sock');
  service = await serveGrpc(socket, answer);
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

it('reads an image that containerd gives out on its socket, and tells of another one of its name', async () => {
  const opened = await openImage('containerd:app:1', { containerdSockets: [join(folder, 'none'), socket] });
  try {
    expect(opened).toMatchObject({ form: 'containerd', tags: ['docker.io/library/app:1'], config: { user: 'app' } });
    expect(opened.manifest?.digest).toBe(descriptor.digest);
    expect(opened.layers.map(({ isVerified }) => isVerified)).toEqual([true]);
    expect(opened.tree.stat('/etc/big')?.size).toBe(1_500_000);
    expect(opened.drainProblems()).toMatchObject([
      {
        code: 'partly-seen',
        message: expect.stringContaining(`another image in "k8s.io", ${other.descriptor.digest}`),
      },
    ]);
  } finally {
    opened.close();
  }
  expect(await identifyImage(`containerd:${socket}:app:1`)).toBe(all[1]?.digest);
});

it('lists what it has in all namespaces', async () => {
  expect(await listStore(`containerd:${socket}`)).toEqual({
    root: socket,
    images: [`containerd:${socket}:docker.io/library/app:1`, `containerd:${socket}:registry.example/gone:1`],
    containers: [
      { name: 'shop/web', image: 'docker.io/library/app:1', isRunning: true },
      { name: 'job', image: 'docker.io/library/app:1', isRunning: false },
    ],
  });
});

it.each([
  ['an unknown image', 'other:2', /has no image "other:2"/],
  ['content that is gone', 'registry.example/gone:1', /names "sha256:f+" and has it not/],
])('says what is missing of %s', async (_, name, message) => {
  await expect(openImage(`containerd:${socket}:${name}`)).rejects.toThrow(message);
});

it('says so when containerd is not there', async () => {
  const containerdSockets = [join(folder, 'none')];
  await expect(openImage('containerd:app', { containerdSockets })).rejects.toThrow(/listens on none of/);
  await expect(openImage(`containerd:${socket}`)).rejects.toThrow(/is a socket/);
});
