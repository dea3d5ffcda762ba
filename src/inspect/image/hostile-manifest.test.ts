import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageBlobs, ociLayout, sha256, writeFiles, type MadeImage } from '../../../tests/support/image-archive.ts';
import { processorClock } from '../../../tests/support/processor-time.ts';
import type { TarFiles } from '../../../tests/support/tar.ts';
import { openImage } from './open-image.ts';

let folder: string;
let spool: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-hostile-'));
  spool = join(folder, 'spool');
  mkdirSync(spool);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Manifest = { config: object; layers: Layer[] } & Record<string, unknown>;
interface Layer {
  readonly digest: string;
  readonly size: number;
}

/** What comes of a layout whose manifest was changed: names of the tree, layers, codes of problems; or the code of the error that refuses it. */
async function outcome(
  image: MadeImage,
  change: (manifest: Manifest) => unknown,
  more: Readonly<Record<string, Buffer>> = {},
): Promise<object | string> {
  const blobs = imageBlobs(image, 'gzip');
  const files: Record<string, Buffer> = { 'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'), ...more };
  for (const { digest, bytes } of blobs.all) files[`blobs/${digest.replace(':', '/')}`] = bytes;
  const manifest = JSON.parse(blobs.manifest.bytes.toString()) as Manifest;
  const bytes = Buffer.from(JSON.stringify(change(manifest)));
  files[`blobs/sha256/${sha256(bytes).slice(7)}`] = bytes;
  const descriptor = { ...blobs.descriptor, digest: sha256(bytes), size: bytes.length };
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  const place = join(folder, String(count++));
  writeFiles(place, files);
  try {
    const opened = await openImage(`oci:${place}`, { spoolFolder: spool });
    const names = opened.tree.list('/').map(({ path }) => path);
    const problems = [...new Set(opened.drainProblems().map(({ code }) => code))];
    opened.close();
    return { names, layers: opened.layers.length, problems };
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const app: MadeImage = { layers: [{ a: '1' }, { b: '2' }] };

describe('a manifest that was made to harm', () => {
  it('with a hundred thousand layers is read up to the bound, in little time', async () => {
    const takenMs = processorClock();
    const many = await outcome(app, ({ layers, ...rest }) => ({
      ...rest,
      layers: Array.from({ length: 20_000 }, () => layers[0]),
    }));
    expect(many).toMatchObject({ names: ['/a'], layers: 512, problems: expect.arrayContaining(['limit-reached']) });
    expect(takenMs()).toBeLessThan(20_000);
  });

  it('that names a layer twice has its files once', async () => {
    const twice = await outcome(app, ({ layers, ...rest }) => ({ ...rest, layers: [...layers, ...layers] }));
    expect(twice).toMatchObject({ names: ['/a', '/b'], layers: 4 });
  });

  it.each([-1, 0, 1, 1e300, '9', null])('whose sizes are %j has its layers compared by their digests', async (size) => {
    const read = await outcome(app, ({ layers, ...rest }) => ({
      ...rest,
      layers: layers.map((layer) => ({ ...layer, size })),
    }));
    expect(read).toMatchObject({ names: ['/a', '/b'], layers: 2 });
  });

  it.each([['../../../../etc/passwd'], ['sha256:../../../etc/passwd'], ['sha256:zz'], ['md5:00'], ['']])(
    'with a layer of the digest %j says that a layer is missing',
    async (digest) => {
      const read = await outcome(app, ({ layers: [first, last], ...rest }) => ({
        ...rest,
        layers: [first, { ...last, digest }],
      }));
      expect(read).toMatchObject({ names: ['/a'] });
      expect((read as { problems: string[] }).problems).not.toEqual([]);
    },
  );

  it.each(['', 'no JSON', '[]', 'null', '{"rootfs":{"diff_ids":7},"history":"x"}', '['.repeat(2000)])(
    'whose configuration is %j has its layers all the same',
    async (text) => {
      const bytes = Buffer.from(text);
      const config = { digest: sha256(bytes), size: bytes.length, mediaType: 'application/json' };
      const read = await outcome(app, (manifest) => ({ ...manifest, config }), {
        [`blobs/sha256/${config.digest.slice(7)}`]: bytes,
      });
      expect(read).toMatchObject({ names: ['/a', '/b'] });
      expect((read as { problems: string[] }).problems).not.toEqual([]);
    },
  );

  it.each([null, 7, 'x', { a: 1 }, [null, 7, []]])(
    'whose layers are %j is an image without any, or refused',
    async (layers) => {
      const read = await outcome(app, (manifest) => ({ ...manifest, layers }));
      expect(read).toMatchObject({ names: [], layers: 0 });
      expect((read as { problems: string[] }).problems).not.toEqual([]);
    },
  );
});

describe('members of a layer that were made to harm', () => {
  const seen = (files: TarFiles): Promise<object | string> =>
    outcome({ layers: [{ keep: '1' }, files] }, (manifest) => manifest);

  it('are kept inside, and nothing is written for any of them', async () => {
    const before = readdirSync(folder).length;
    const files: TarFiles = {
      '../../../tmp/vakthund-escape': 'x',
      '/etc/../../../../tmp/vakthund-escape': 'x',
      'dev/sda': { type: '4' },
      'dev/null': { type: '3' },
      pipe: { type: '6' },
      hard: { type: '1', target: '../../../../etc/passwd' },
      out: { type: '2', target: '../../../../tmp' },
      'out/vakthund-escape': 'x',
    };
    const read = (await seen(files)) as { names: string[] };
    expect(read.names).toContain('/keep');
    expect(readdirSync(folder).length).toBe(before + 1);
    expect(readdirSync('/tmp')).not.toContain('vakthund-escape');
  });

  it('that unpack without end are a bomb in each form of compression', async () => {
    const zeros = { first: 'A', zeros: Buffer.alloc(20_000_000), last: 'Z' };
    for (const compression of ['gzip', 'zstd'] as const) {
      const place = join(folder, `bomb-${compression}`);
      writeFiles(place, ociLayout([{ layers: [zeros] }], compression));
      const limits = { expansion: 100, expansionFloor: 5_000_000 };
      const opened = await openImage(`oci:${place}`, { spoolFolder: spool, limits });
      expect(opened.tree.list('/').map(({ path }) => path)).not.toContain('/last');
      expect(opened.drainProblems()).toContainEqual(expect.objectContaining({ code: 'limit-reached' }));
      opened.close();
    }
  });

  it('that hide "." and ".." hide nothing', async () => {
    expect(await seen({ '.wh..': '', '.wh...': '', 'x/.wh...': '' })).toMatchObject({ names: ['/keep', '/x'] });
  });
});
