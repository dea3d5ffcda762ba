import { closeSync, globSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, createGunzip } from 'node:zlib';
import type { Source } from '../../src/collect/source.ts';

export interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Seeds of one source; more of them would only spread the executions thinner. */
const maxSeeds = 40;
const maxSeedBytes = 128 * 1024;
/** What every decoder must take: nothing, little, and text of other formats. */
const commonSeeds = [
  '',
  '\n',
  '{}\n',
  '{"a":[1,2,{"b":null}]}\n',
  '#separator \\x09\n',
  'a=1 b="c"\n',
  '\u0000\u0001\u0002',
];

/**
 * Inputs to start from, by source id: the source's own `testdata/`, and those files of the given folders that the source
 * recognises. Of gzip files the first bytes are taken.
 */
export async function collectSeeds(
  sources: readonly Source[],
  root: string,
  folders: readonly string[],
): Promise<Map<string, Seed[]>> {
  const seeds = new Map<string, Seed[]>();
  for (const source of sources) {
    const own = globSync(`src/collect/sources/${source.id}/**/testdata/**/*.*`, { cwd: root }).sort();
    const read = await Promise.all(spread(own).map((file) => readSeed(join(root, file))));
    const common = commonSeeds.map((text) => ({ name: 'seed', bytes: Buffer.from(text) }));
    seeds.set(source.id, [...read.filter((seed) => seed !== undefined), ...common]);
  }
  const found = new Map<string, Seed[]>(sources.map((source) => [source.id, []]));
  for (const file of folders.flatMap((folder) =>
    globSync('**/*.*', { cwd: folder })
      .sort()
      .map((name) => join(folder, name)),
  )) {
    const seed = await readSeed(file);
    const source =
      seed === undefined ? undefined : sources.find((one) => one.detect(seed.name, seed.bytes) !== undefined);
    if (seed !== undefined && source !== undefined) found.get(source.id)?.push(seed);
  }
  for (const [id, list] of found) seeds.get(id)?.push(...spread(list));
  return seeds;
}

/** At most `maxSeeds` of a list, evenly over its length. */
function spread<T>(list: readonly T[]): T[] {
  const step = Math.max(1, list.length / maxSeeds);
  return list.filter((_entry, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)).slice(0, maxSeeds);
}

/** The beginning of a file; undefined for what cannot be read. */
async function readSeed(file: string): Promise<Seed | undefined> {
  const buffer = Buffer.alloc(maxSeedBytes);
  let length = 0;
  try {
    const handle = openSync(file, 'r');
    length = readSync(handle, buffer, 0, maxSeedBytes, 0);
    closeSync(handle);
  } catch {
    return undefined;
  }
  const bytes = Buffer.from(buffer.subarray(0, length));
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return { name: basename(file).replace(/\.gz$/, ''), bytes: isGzip ? await gunzipStart(bytes) : bytes };
}

/** What the first bytes of a gzip stream unpack to, cut to the same bound; damage ends it. */
async function gunzipStart(bytes: Buffer): Promise<Buffer> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.end(bytes);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= maxSeedBytes) break;
    }
  } catch {
    // The beginning that was read is a seed as good as any.
  }
  return Buffer.concat(parts).subarray(0, maxSeedBytes);
}
