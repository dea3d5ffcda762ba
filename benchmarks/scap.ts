import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ProblemList } from '../src/base/problem.ts';
import { CaptureReader } from '../src/collect/sources/scap/capture.ts';
import { resolveField } from '../src/collect/sources/scap/fields/resolve.ts';
import { records } from '../src/collect/sources/scap/records.ts';
import type { ScapRecord } from '../src/collect/sources/scap/record.ts';
import { language } from '../src/detect/rules/falco/index.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
/** Recorded captures: a download with threads and sockets, and a machine at rest. */
const captures = ['curl_google', 'sample_pcapng'];
const events = 2_000_000;
const peerEvents = 400_000;
const chunkBytes = 65_536;
const runs = 5;
const eventTypes = new Set([0x204, 0x208, 0x216, 0x217]);

/**
 * Reading of recorded captures with all state, and the name of the process compared for each event, beside sysdig with
 * the same filter; then with all rules that Falco ships. The events of a capture are repeated after its process list.
 */
export const bench: Bench = {
  id: 'scap',
  async run(): Promise<readonly BenchResult[]> {
    const results: BenchResult[] = [];
    for (const name of captures) {
      const path = join(corpus, 'falco/captures', `${name}.scap`);
      if (!existsSync(path)) continue;
      const parts = partsOf(readFileSync(path));
      results.push(await benchState(name, parts), await benchRules(name, parts));
    }
    return results;
  },
};

interface Parts {
  /** Everything before the first event: the state of the machine. */
  readonly start: Buffer;
  readonly events: Buffer;
  readonly count: number;
}

function partsOf(file: Buffer): Parts {
  const bytes = file[0] === 0x1f ? gunzipSync(file) : file;
  let firstEvent = bytes.length;
  let count = 0;
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (!eventTypes.has(bytes.readUInt32LE(at))) continue;
    firstEvent = Math.min(firstEvent, at);
    count++;
  }
  return { start: bytes.subarray(0, firstEvent), events: bytes.subarray(firstEvent), count };
}

type Look = (record: ScapRecord) => void;

async function benchState(name: string, parts: Parts): Promise<BenchResult> {
  const look = comparison();
  const rounds = Math.ceil(events / parts.count);
  readAll(parts, Math.ceil(rounds / 10), look);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => readAll(parts, rounds, look)));
    const peer = sysdigSeconds(parts);
    if (peer !== undefined) theirs.push(peer.seconds / peer.events);
  }
  const value = (parts.count * rounds) / median(ours);
  const peer = theirs.length === 0 ? {} : { peer: 'sysdig proc.name=…', ratio: value * median(theirs) };
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  return { id: `scap/${name}`, value, unit: 'events/CPU-s', ...peer, cpu_s: median(ours), ...memory, runs };
}

/** All rules that Falco ships, judged on every event that it would show. */
async function benchRules(name: string, parts: Parts): Promise<BenchResult> {
  const names = ['falco_rules', 'falco-incubating_rules', 'falco-sandbox_rules'];
  const files = names.map((rules) => ({
    path: rules,
    text: readFileSync(join(corpus, 'falco/rules', `${rules}.yaml`), 'utf8'),
  }));
  const runner = language.load(files).runner(records);
  if (runner === undefined) throw new Error('no rule is for system calls');
  const judge: Look = (record) => {
    if (!record.isHidden) runner.judge(record);
  };
  const rounds = Math.ceil(events / parts.count);
  readAll(parts, Math.ceil(rounds / 10), judge);
  const ours: number[] = [];
  for (let run = 0; run < runs; run++) ours.push(await cpuSeconds(() => readAll(parts, rounds, judge)));
  const value = (parts.count * rounds) / median(ours);
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  return { id: `scap/${name} with Falco's rules`, value, unit: 'events/CPU-s', cpu_s: median(ours), ...memory, runs };
}

function comparison(): Look {
  const field = resolveField('proc.name');
  if ('absent' in field) throw new Error(field.absent);
  return (record) => {
    if (field.get(record) === 'nothing-has-this-name') throw new Error('a name was found that no process has');
  };
}

function readAll(parts: Parts, rounds: number, look: Look): void {
  const reader = new CaptureReader(new ProblemList());
  const read = (chunk: Buffer): void => {
    reader.feed(chunk);
    for (let record = reader.next(true); record !== undefined; record = reader.next(true)) look(record);
  };
  read(parts.start);
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < parts.events.length; at += chunkBytes) read(parts.events.subarray(at, at + chunkBytes));
  }
}

/** CPU seconds of sysdig over the repeated capture, its start-up taken off; undefined when it is not installed. */
function sysdigSeconds(parts: Parts): { seconds: number; events: number } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    const rounds = Math.ceil(peerEvents / parts.count);
    const [short, long] = [1, rounds + 1].map((times) => {
      const file = join(folder, `${times}.scap`);
      writeFileSync(file, Buffer.concat([parts.start, ...Array.from({ length: times }, () => parts.events)]));
      const script = 'TIMEFORMAT="%U %S"; time sysdig -r "$0" proc.name=nothing-has-this-name > /dev/null 2>&1';
      const { stderr, status } = spawnSync('bash', ['-c', script, file], { encoding: 'utf8' });
      const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
      return status === 0 ? user + system : undefined;
    });
    if (short === undefined || long === undefined) return undefined;
    return { seconds: long - short, events: rounds * parts.count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
