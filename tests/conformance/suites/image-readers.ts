import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { OpenedImage } from '../../../src/inspect/image/image.ts';
import { openImage } from '../../../src/inspect/image/open-image.ts';
import { walkTree, type TreeEntry } from '../../../src/inspect/tree/tree.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { imagesIn, type NamedImage } from './image-layers/archive.ts';
import { flatten, type Flat } from './image-layers/flatten.ts';

/**
 * Every archive of `image/images`, each image in it. Five cases for each: its names are those of the archive; configuration and
 * layers have the digests that are named; the tree is the one that a plain flattening with another tar reader gives; all links
 * end inside the tree; nothing is left on disk.
 */
const folder = 'image/images';

/** Longer than any image of the corpus may take: a circle of links does not end. */
const timeoutMs = 120_000;

type Check = (image: OpenedImage, named: NamedImage) => Promise<{ got: string; want: string } | undefined>;

const checks: Readonly<Record<string, Check>> = {
  names: (image, { tags }) => Promise.resolve(difference(image.tags.join(' '), tags.join(' '))),
  digests: (image, named) => Promise.resolve(checkDigests(image, named)),
  tree: async (image, named) => compareTrees(image, await flatten(named.layers)),
  links: (image) => Promise.resolve(checkLinks(image)),
};

function difference(got: string, want: string): { got: string; want: string } | undefined {
  return got === want ? undefined : { got, want };
}

function checkDigests(image: OpenedImage, { configDigest }: NamedImage): { got: string; want: string } | undefined {
  const wrong = difference(image.id ?? '', configDigest ?? image.id ?? '');
  if (wrong !== undefined) return wrong;
  const unverified = image.layers.filter(({ isVerified }) => !isVerified).map(({ index }) => index);
  // A root filesystem names no digests.
  if (image.form === 'rootfs' || unverified.length === 0) return undefined;
  return { got: `layers ${unverified.join(', ')} not verified`, want: 'all verified' };
}

function compareTrees(image: OpenedImage, want: Flat): { got: string; want: string } | undefined {
  const got = new Map<string, string>();
  for (const entry of walkTree(image.tree)) {
    if (entry.type !== 'directory') got.set(entry.path, describe(image, entry));
  }
  for (const path of [...new Set([...got.keys(), ...want.keys()])].sort()) {
    const wrong = difference(
      `${path} ${got.get(path) ?? 'is not there'}`,
      `${path} ${want.get(path) ?? 'is not there'}`,
    );
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function describe(image: OpenedImage, { path, type, target }: TreeEntry): string {
  if (type === 'symlink') return `symlink ${target}`;
  if (type !== 'file') return `${type}-device`.replace('fifo-device', 'fifo');
  const content = image.tree.read(path) ?? Buffer.from('unreadable');
  return `file ${createHash('sha256').update(content).digest('hex')}`;
}

/** Where a link leads to something, that is an entry which is no link and which its own path finds; and no whiteout is seen. */
function checkLinks(image: OpenedImage): { got: string; want: string } | undefined {
  for (const { path } of walkTree(image.tree)) {
    if (basename(path).startsWith('.wh.')) return { got: path, want: 'no whiteouts' };
    const end = image.tree.stat(path);
    if (end === undefined) continue;
    const again = image.tree.lstat(end.path);
    if (end.type === 'symlink' || again?.path !== end.path) {
      return { got: `${path} leads to ${end.path}`, want: 'an entry' };
    }
  }
  return undefined;
}

async function runImage(path: string, named: NamedImage): Promise<SuiteResult> {
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-readers-'));
  const title = `${basename(path)} ${named.wanted}`.trim();
  const failed: SuiteFailure[] = [];
  try {
    const reference = named.wanted === '' ? path : `${path}:${named.wanted}`;
    const image = await openImage(reference, { spoolFolder, signal: AbortSignal.timeout(timeoutMs) });
    for (const [name, check] of Object.entries(checks)) {
      const wrong = await check(image, named);
      if (wrong !== undefined) failed.push({ case: `${title} ${name}`, ...wrong });
    }
    image.close();
    const left = readdirSync(spoolFolder);
    if (left.length > 0) failed.push({ case: `${title} disk`, got: left.join(' '), want: 'nothing left' });
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    for (const name of [...Object.keys(checks), 'disk']) {
      failed.push({ case: `${title} ${name}`, got, want: 'an image' });
    }
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
  const total = Object.keys(checks).length + 1;
  return { total, passed: total - failed.length, skipped: 0, failed };
}

export const suite: Suite = {
  id: 'image/readers',
  async run(corpus) {
    const results: SuiteResult[] = [];
    const images = join(corpus, folder);
    const names = existsSync(images) ? readdirSync(images).filter((name) => /\.(?:tar|tgz)(?:\.\w+)?$/.test(name)) : [];
    for (const name of names.sort()) {
      const path = join(images, name);
      for (const named of await imagesIn(path)) results.push(await runImage(path, named));
    }
    const failed = results.flatMap((result) => result.failed);
    const total = results.reduce((sum, result) => sum + result.total, 0);
    return { total, passed: total - failed.length, skipped: 0, failed, figures: { images: results.length } };
  },
};
