import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { silentLogger } from '../src/base/logger.ts';
import { source } from '../src/collect/sources/evtx/index.ts';
import { contentStart } from '../src/collect/source.ts';
import { readArchive } from '../tests/conformance/suites/evtx-cases/archive.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const archive = join(corpus, 'host/evtx/evtx.tar.gz');
/** Smaller logs say more of what is done once than of records. */
const minUsedBytes = 0.4e6;
const inputBytes = 30e6;
const blockBytes = 65_536;
const runs = 5;

/**
 * Decoding of the large recorded event logs, each read again and again up to 30 MB, beside evtxexport writing the same as
 * XML. Bytes are those that records take: space that was set aside costs nothing.
 */
export const bench: Bench = {
  id: 'evtx',
  async run(): Promise<readonly BenchResult[]> {
    const results: BenchResult[] = [];
    for (const [name, bytes] of await readArchive(archive)) {
      const used = usedBytes(bytes);
      if (used >= minUsedBytes) results.push(await benchLog(name, bytes, used));
    }
    return results;
  },
};

/** Bytes of the file's chunks that hold records. */
function usedBytes(file: Buffer): number {
  let used = 0;
  for (let at = 4096; at + blockBytes <= file.length; at += blockBytes) {
    if (file.toString('latin1', at, at + 7) === 'ElfChnk') used += file.readUInt32LE(at + 48);
  }
  return used;
}

async function benchLog(name: string, file: Buffer, used: number): Promise<BenchResult> {
  const times = Math.ceil(inputBytes / used);
  const megabytes = (used * times) / 1e6;
  await decode(file, 5);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => decode(file, times)));
    const peer = exportSeconds(file);
    if (peer !== undefined) theirs.push(peer / (used / 1e6));
  }
  const value = megabytes / median(ours);
  const peer = theirs.length === 0 ? {} : { peer: 'evtxexport -f xml', ratio: value * median(theirs) };
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  const id = `evtx/decode/${basename(name, '.evtx')}`;
  return { id, value, unit: 'MB/CPU-s', ...peer, cpu_s: median(ours), ...memory, runs };
}

async function decode(file: Buffer, times: number): Promise<void> {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += blockBytes) yield file.subarray(at, at + blockBytes);
  }
  let events = 0;
  const context = { name: 'x.evtx', start: contentStart, growing: false, logger: silentLogger };
  for (let round = 0; round < times; round++) {
    for await (const batch of source.decode(content(), context)) events += batch.events.length;
  }
  if (events === 0) throw new Error('no event was read');
}

/** CPU seconds of evtxexport (libevtx) over the file; undefined when it is not installed. */
function exportSeconds(file: Buffer): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    const path = join(folder, 'x.evtx');
    writeFileSync(path, file);
    const script = 'TIMEFORMAT="%U %S"; time evtxexport -f xml "$0" > /dev/null 2>&1';
    const { stderr, status } = spawnSync('bash', ['-c', script, path], { encoding: 'utf8' });
    const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return status === 0 ? user + system : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
