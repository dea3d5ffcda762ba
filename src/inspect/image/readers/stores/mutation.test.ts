import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  writeContainerdContainer,
  writeContainerdStore,
  writeContainersStorage,
  writeDockerContainer,
  writeDockerStore,
  writePodmanContainer,
} from '../../../../../tests/support/engine-store.ts';
import { mutate } from '../../../../../tests/fuzz/mutate.ts';
import { Random } from '../../../../../tests/fuzz/random.ts';
import { VakthundError } from '../../../../base/errors.ts';
import { walkTree } from '../../../tree/tree.ts';
import { listStore } from '../../list-images.ts';
import { openImage } from '../../open-image.ts';

/** More by `FUZZ_EXECUTIONS`. */
const executions = Number(process.env['FUZZ_EXECUTIONS'] ?? 40);

const app = {
  tags: ['app:1'],
  layers: [
    { 'etc/passwd': 'root', 'etc/key': 'KEY' },
    { 'etc/.wh.key': '', l: { type: '2', target: 'etc' } },
  ],
};
const written = { 'tmp/x': 'x' };

const engines = [
  ['docker-store', 'docker-container', writeDockerStore, writeDockerContainer],
  ['containers-storage', 'podman-container', writeContainersStorage, writePodmanContainer],
  ['containerd-store', 'containerd-container', writeContainerdStore, writeContainerdContainer],
] as const;

let folder: string;
let spool: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-stores-'));
  spool = join(folder, 'spool');
  mkdirSync(spool);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The store of an engine that was damaged on purpose is refused with an error of ours, or read with problems, and never left by what is read. */
it.each(engines)(
  'a damaged %s is refused or read, and nothing else',
  async (store, container, write, writeContainer) => {
    const root = join(folder, store);
    write(root, app);
    writeContainer(root, app, 'web', written);
    const names = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
    const seeds = names.map((path) => readFileSync(path));
    const random = new Random(2026);
    const outcomes = new Set([await readAll(store, container, root)]);
    expect(outcomes).toEqual(new Set([undefined]));
    for (let left = executions; left > 0; left--) {
      const chosen = random.below(names.length);
      const [path = '', seed = Buffer.alloc(0)] = [names[chosen], seeds[chosen]];
      writeFileSync(path, damaged(seed, random, seeds));
      outcomes.add(await readAll(store, container, root));
      writeFileSync(path, seed);
    }
    expect(outcomes.size).toBeGreaterThan(1);
  },
);

/** What is compressed is damaged inside, or only its checksum would be seen. */
function damaged(seed: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  const isPacked = seed[0] === 0x1f && seed[1] === 0x8b && random.below(4) > 0;
  return isPacked ? gzipSync(mutate(gunzipSync(seed), random, others)) : mutate(seed, random, others);
}

/** Lists the store, opens image and container and asks for everything; gives the code of the error that refused one. */
async function readAll(store: string, container: string, root: string): Promise<string | undefined> {
  try {
    await listStore(`${store}:${root}`);
    for (const name of [`${store}:${root}:app:1`, `${container}:${root}:web`]) {
      const opened = await openImage(name, {
        spoolFolder: spool,
        limits: { bytes: 5_000_000 },
      });
      for (const entry of walkTree(opened.tree)) opened.tree.read(entry.path, 1000);
      opened.drainProblems();
      opened.close();
    }
    return undefined;
  } catch (error) {
    if (error instanceof VakthundError && error.code !== 'INTERNAL') return error.code;
    throw error;
  }
}
