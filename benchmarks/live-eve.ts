import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../src/base/logger.ts';
import { FollowedFiles } from '../src/case/followed-files.ts';
import { ingest } from '../src/case/ingest.ts';
import { defaultCaseSettings } from '../src/case/case-settings.ts';
import { source } from '../src/collect/sources/suricata-eve/index.ts';
import { defaultOpenLimits } from '../src/collect/open/limits.ts';
import { contentStart } from '../src/collect/source.ts';
import { openDuckdbStore } from '../src/store/duckdb/duckdb-store.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { createDraw } from './data/draw.ts';
import { eveMixEvent } from './data/eve-mix.ts';

const inputBytes = 200e6;
const chunkBytes = 65_536;
const runs = 5;
const growthBytes = 16e6;
const newline = 10;

/**
 * What a live sensor costs before its rules: EVE decoded to events, beside `JSON.parse` of the same lines and nothing
 * else. `stored` is a file that grows, followed and kept as a watch does it: hashed, decoded, committed with its place, and
 * sealed. `spread` is the same content where no line is plain (two blanks after each colon), so that every record goes by
 * way of an object.
 */
export const bench: Bench = {
  id: 'live-eve',
  async run(): Promise<readonly BenchResult[]> {
    const { content, events } = makeContent();
    const odd = Buffer.from(
      content
        .subarray(0, content.lastIndexOf(newline, content.length >> 3) + 1)
        .toString('latin1')
        .replaceAll('":', '":  '),
      'latin1',
    );
    const oddEvents = countLines(odd);
    const seconds = {
      parse: [] as number[],
      decode: [] as number[],
      stored: [] as number[],
      spread: [] as number[],
    };
    await decode(content.subarray(0, content.indexOf(newline, content.length >> 4) + 1));
    for (let run = 0; run < runs; run++) {
      seconds.parse.push(await cpuSeconds(() => parseLines(content)));
      seconds.decode.push(await cpuSeconds(() => decode(content)));
    }
    for (let run = 0; run < runs; run++) seconds.stored.push(await follow(content, events));
    // Last, because code that has met odd records is slower on plain ones, which most sensors never leave.
    for (let run = 0; run < runs; run++) seconds.spread.push(await cpuSeconds(() => decode(odd)));
    const floor = events / median(seconds.parse);
    const result = (id: string, count: number, spent: readonly number[]): BenchResult => {
      const value = count / median(spent);
      return {
        id: `live-eve/${id}`,
        value,
        unit: 'events/CPU-s',
        peer: 'JSON.parse alone',
        ratio: value / floor,
        cpu_s: median(spent),
        runs,
      };
    };
    return [
      { ...result('decode', events, seconds.decode), peak_bytes: process.resourceUsage().maxRSS * 1024 },
      result('stored', events, seconds.stored),
      result('spread', oddEvents, seconds.spread),
    ];
  },
};

function makeContent(): { content: Buffer; events: number } {
  const content = Buffer.alloc(inputBytes + 4096);
  const draw = createDraw(inputBytes / 640, 1);
  let used = 0;
  let events = 0;
  while (used < inputBytes) {
    draw.next(events++);
    used += content.write(eveMixEvent(draw), used, 'latin1');
  }
  return { content: content.subarray(0, used), events };
}

async function decode(content: Buffer): Promise<void> {
  let events = 0;
  const context = { name: 'eve.json', start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(chunks(content), context)) {
    events += batch.events.length;
    if (batch.problems.length > 0) throw new Error(batch.problems[0]?.message);
  }
  if (events === 0) throw new Error('no event was read');
}

/** CPU seconds of a watch's looks at a file that has grown in between by what a busy sensor writes in half a second. */
async function follow(content: Buffer, events: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  const store = await openDuckdbStore({ folder: join(folder, 'case') });
  const path = join(folder, 'eve.json');
  const options = {
    store,
    limits: defaultOpenLimits,
    bulkMinBytes: Infinity,
    now: () => 1_800_000_000_000_000,
    logger: silentLogger,
    signal: undefined,
    onProgress: () => undefined,
    followed: new FollowedFiles(),
  };
  let seconds = 0;
  let stored = 0;
  try {
    for (let at = 0; at < content.length; at += growthBytes) {
      appendFileSync(path, content.subarray(at, at + growthBytes));
      seconds += await cpuSeconds(async () => {
        stored += (await ingest([path], options)).events;
        await store.seal(defaultCaseSettings.sealRows);
      });
    }
    seconds += await cpuSeconds(() => store.close());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (stored !== events) throw new Error(`${stored} of ${events} events were stored`);
  return seconds;
}

async function* chunks(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
}

function parseLines(content: Buffer): void {
  forLines(content, (start, end) => JSON.parse(content.toString('latin1', start, end)));
}

function countLines(content: Buffer): number {
  let count = 0;
  forLines(content, () => count++);
  return count;
}

function forLines(content: Buffer, work: (start: number, end: number) => void): void {
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(newline, start);
    work(start, end);
    start = end + 1;
  }
}
