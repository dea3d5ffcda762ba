import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dockerArchive,
  imageBlobs,
  ociLayout,
  writeFiles,
  type MadeImage,
} from '../../../../tests/support/image-archive.ts';
import { serveRegistry, type RunningRegistry } from '../../../../tests/support/registry.ts';
import type { Terminal } from '../../terminal.ts';
import { addToIndex, type AddOptions } from './add-to-index.ts';
import { printFound } from './print-found.ts';
import { printIndex } from './print-index.ts';

const database = 'P:musl\nV:1.1.24-r2\nA:x86_64\nL:MIT\no:musl\n\n';
const base: MadeImage = {
  tags: ['base:3'],
  layers: [{ 'etc/os-release': 'ID=alpine\nPRETTY_NAME="Alpine"\nVERSION_ID=3.11', 'lib/apk/db/installed': database }],
};
const app: MadeImage = { tags: ['app:1'], layers: [...base.layers, { 'app/run': 'x' }] };

let folder: string;
let caseFolder: string;
let registry: RunningRegistry;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-index-command-'));
  caseFolder = join(folder, 'case');
  const { manifest, all } = imageBlobs(app);
  registry = await serveRegistry({
    manifests: {
      'team/app': { 1: manifest.bytes, [`sha256-${'a'.repeat(64)}.sig`]: manifest.bytes },
      other: { broken: Buffer.from('{}') },
    },
    blobs: Object.fromEntries(all.map(({ digest, bytes }) => [digest, bytes])),
  });
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'deep'), { recursive: true });
  writeFileSync(join(archives, 'deep/two.tar'), dockerArchive(base, { tags: ['empty:0'], layers: [{ a: '' }] }));
  writeFiles(join(archives, 'layout'), ociLayout([app]));
  writeFileSync(join(archives, 'notes.txt'), 'no image');
  symlinkSync(archives, join(archives, 'loop'));
  writeFileSync(
    join(archives, 'compose.yaml'),
    `services:\n  web:\n    image: ${registry.host}/team/app:1\n  db:\n    image: postgres:15\n`,
  );
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function terminalOf(json: boolean): { readonly terminal: Terminal; readonly texts: { out: string; talk: string } } {
  const texts = { out: '', talk: '' };
  const terminal: Terminal = {
    out: (text) => void (texts.out += text),
    talk: (text) => void (texts.talk += text),
    json,
    quiet: true,
    color: false,
    width: 200,
    isInteractive: false,
    signal: new AbortController().signal,
  };
  return { terminal, texts };
}

async function add(sources: readonly string[], options: AddOptions = {}): Promise<unknown> {
  const { terminal, texts } = terminalOf(true);
  const code = await addToIndex(sources, caseFolder, { authFile: join(folder, 'none'), ...options }, terminal);
  return { code, ...(JSON.parse(texts.out) as object) };
}

describe('image index', () => {
  it('takes folders and registries, reads each image once, and goes on after what cannot be read', async () => {
    expect(await add([join(folder, 'archives')])).toEqual({ code: 0, read: 3, known: 0, uses: 2, problems: [] });
    expect(await add([`registry:${registry.host}`])).toMatchObject({
      code: 2,
      read: 0,
      known: 1,
      problems: [{ code: 'unreadable', at: `${registry.host}/other:broken` }],
    });
    const asked = registry.requests.length;
    expect(await add([`registry:${registry.host}/team`])).toMatchObject({ code: 0, read: 0, known: 1 });
    expect(registry.requests.slice(asked).filter((request) => request.includes('layer'))).toEqual([]);
    expect(await add([join(folder, 'none.tar')])).toMatchObject({ code: 2, read: 0 });
  });

  it('lists them with base and uses, and what is used and not known', async () => {
    const { terminal, texts } = terminalOf(true);
    await printIndex(caseFolder, terminal);
    const { images, not_indexed: unknown } = JSON.parse(texts.out) as { images: object[]; not_indexed: object[] };
    expect(images).toMatchObject([
      {
        names: ['docker.io/library/app:1', `${registry.host}/team/app:1`],
        base: { name: 'base:3', layers: 1, whole: true },
        packages: 1,
        uses: [{ what: 'service web', line: 3 }],
      },
      { names: ['docker.io/library/base:3'], base: null, distribution: 'Alpine' },
      { names: ['docker.io/library/empty:0'], packages: 0 },
    ]);
    expect(unknown).toMatchObject([{ reference: 'postgres:15' }]);
    const text = terminalOf(false);
    await printIndex(caseFolder, text.terminal);
    expect(text.texts.out).toMatch(/\napp:1 +\d+ +1 +1 +base:3 +[0-9a-f]{12} +linux\/amd64\n/);
    expect(text.texts.out).toContain('not in the index: postgres:15, used by');
  });

  it('finds the images of a package, and where they run', async () => {
    const { terminal, texts } = terminalOf(false);
    await printFound('musl@1.1.24-r2', caseFolder, terminal);
    expect(texts.out.split('\n').map((line) => line.replace(folder, ''))).toEqual([
      'base:3  musl 1.1.24-r2 (apk) in /lib/apk/db/installed, layer 0',
      'app:1  musl 1.1.24-r2 (apk) in /lib/apk/db/installed, layer 0',
      '  used by /archives/compose.yaml:3 service web',
      '',
    ]);
    const none = terminalOf(false);
    await printFound('musl@9', caseFolder, none.terminal);
    expect(none.texts).toEqual({ out: '', talk: 'none of 3 images in the index has it\n' });
  });

  it('fetches what manifests name when it is told to', async () => {
    caseFolder = join(folder, 'fetched');
    writeFileSync(
      join(folder, 'pod.yaml'),
      `apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: '${registry.host}/team/app:1'}]}\n`,
    );
    expect(await add([join(folder, 'pod.yaml')])).toMatchObject({ read: 0, uses: 1 });
    expect(await add([join(folder, 'pod.yaml')], { fetch: true })).toMatchObject({ code: 0, read: 1, uses: 1 });
  });
});
