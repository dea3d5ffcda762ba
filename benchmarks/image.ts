import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { openImage } from '../src/inspect/image/open-image.ts';
import { walkTree } from '../src/inspect/tree/tree.ts';
import { memberOf } from '../tests/support/tar.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

const files = 1_000_000;
const runs = 3;

/**
 * A layer of a million small files, 1 GB uncompressed, opened (digest, spool, index) and walked: what took other tools minutes and
 * gigabytes. GNU tar lists the same names beside it.
 */
export const bench: Bench = {
  id: 'image',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-image-'));
    try {
      const path = join(folder, 'million.tar.gz');
      await pipeline(Readable.from(tarOfSmallFiles()), createGzip({ level: 1 }), createWriteStream(path));
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let run = 0; run < runs; run++) {
        ours.push(await cpuSeconds(() => openAndWalk(path)));
        theirs.push(tarSeconds(path));
      }
      const value = files / median(ours);
      const ratio = median(theirs) / median(ours);
      const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
      const peer = { peer: 'tar -tzf', ratio };
      return [{ id: 'image/million-files', value, unit: 'files/CPU-s', ...peer, cpu_s: median(ours), ...memory, runs }];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function* tarOfSmallFiles(): Generator<Buffer> {
  const batch = 1000;
  for (let first = 0; first < files; first += batch) {
    const members = Array.from({ length: batch }, (_, at) => {
      const name = `usr/lib/modules/pkg-${first / batch}/dir-${at % 20}/file-${first + at}.js`;
      return memberOf(name, 'ten bytes.');
    });
    yield Buffer.concat(members.flat());
  }
  yield Buffer.alloc(1024);
}

async function openAndWalk(path: string): Promise<void> {
  const image = await openImage(path);
  try {
    let count = 0;
    for (const { type } of walkTree(image.tree)) if (type === 'file') count++;
    if (count !== files) throw new Error(`${count} files were found in place of ${files}`);
  } finally {
    image.close();
  }
}

function tarSeconds(path: string): number {
  const script = 'exec 3>/dev/null; { TIMEFORMAT="%U %S"; time tar -tzf "$0" >&3; }';
  const { stderr } = spawnSync('bash', ['-c', script, path], { encoding: 'utf8' });
  return stderr
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part), 0);
}
