import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEvent, type VakthundEvent } from '../src/events/event.ts';
import { loadIndicatorFile } from '../src/match/indicators/load.ts';
import { IndicatorMatcher } from '../src/match/indicators/matcher.ts';
import { IndicatorSetBuilder } from '../src/match/indicators/set-builder.ts';
import type { IndicatorSet } from '../src/match/indicators/set.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

const entries = 1_000_000;
const lookups = 500_000;
const runs = 3;
const chunkBytes = 65_536;

/** Loading a list of a million from a file, looking up in it, and events that hold nothing listed; beside plain JavaScript sets. */
export const bench: Bench = {
  id: 'indicators',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      const domains = await benchList(folder, 'domain', domainOf);
      const addresses = await benchList(folder, 'address', addressOf);
      const events = benchEvents(addresses.set);
      return [...domains.results, ...addresses.results, events];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface ListBench {
  readonly set: IndicatorSet;
  readonly results: readonly BenchResult[];
}

async function benchList(
  folder: string,
  kind: 'domain' | 'address',
  valueOf: (index: number) => string,
): Promise<ListBench> {
  const file = join(folder, `${kind}.txt`);
  writeFileSync(file, Array.from({ length: entries }, (_none, index) => `${valueOf(index)}\n`).join(''));
  const [load, peerLoad, look, peerLook]: [number[], number[], number[], number[]] = [[], [], [], []];
  let set = new IndicatorSetBuilder().build();
  let plain = new Set<string>();
  const seen = Array.from({ length: lookups }, (_none, index) => flat(seenValue(valueOf, index)));
  for (let run = 0; run < runs; run++) {
    load.push(await cpuSeconds(async () => void (set = await loadSet(file))));
    peerLoad.push(await cpuSeconds(() => void (plain = new Set(readFileSync(file, 'utf8').split('\n')))));
    look.push(await cpuSeconds(() => countHits(seen, (value) => set.lookUp(kind, value).length > 0)));
    const inSet = kind === 'domain' ? suffixIn : (list: ReadonlySet<string>, value: string): boolean => list.has(value);
    peerLook.push(await cpuSeconds(() => countHits(seen, (value) => inSet(plain, value))));
  }
  const loadSeconds = median(load);
  const lookSeconds = median(look);
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  const id = `indicators/${kind}`;
  const results: BenchResult[] = [
    {
      id: `${id}/load-1m`,
      value: loadSeconds,
      unit: 's',
      peer: 'split into a Set, unchecked',
      ratio: loadSeconds / median(peerLoad),
      cpu_s: loadSeconds,
      ...memory,
      runs,
    },
    { id: `${id}/memory`, value: set.byteLength / set.size, unit: 'bytes/entry', cpu_s: loadSeconds, runs },
    {
      id: `${id}/lookup`,
      value: lookups / lookSeconds,
      unit: 'lookups/CPU-s',
      peer: 'Set of strings',
      ratio: median(peerLook) / lookSeconds,
      cpu_s: lookSeconds,
      runs,
    },
  ];
  return { set, results };
}

async function loadSet(file: string): Promise<IndicatorSet> {
  const builder = new IndicatorSetBuilder();
  const { indicators } = await loadIndicatorFile(file, createReadStream(file, { highWaterMark: chunkBytes }));
  for await (const batch of indicators) for (const indicator of batch) builder.add('list', indicator);
  return builder.build();
}

function countHits(values: readonly string[], isListed: (value: string) => boolean): void {
  let hits = 0;
  for (const value of values) if (isListed(value)) hits++;
  if (hits === 0 || hits === values.length) throw new Error(`${hits} hits show nothing`);
}

function suffixIn(list: ReadonlySet<string>, name: string): boolean {
  for (let from = 0; ;) {
    if (list.has(from === 0 ? name : name.slice(from))) return true;
    const dot = name.indexOf('.', from);
    if (dot < 0) return false;
    from = dot + 1;
  }
}

/** Flows, DNS answers and requests of which none is listed, in batches as they come from a log. */
function benchEvents(set: IndicatorSet): BenchResult {
  const matcher = new IndicatorMatcher({ set, asOf: 0 });
  const events: VakthundEvent[] = Array.from({ length: 3000 }, (_none, index) => eventOf(index));
  const rounds = 200;
  const seconds: number[] = [];
  for (let run = 0; run < runs + 1; run++) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) matcher.matchEvents(events);
    const spent = process.cpuUsage(before);
    if (run > 0) seconds.push((spent.user + spent.system) / 1e6);
  }
  const cpu = median(seconds);
  return { id: 'indicators/events', value: (cpu / (rounds * events.length)) * 1e9, unit: 'ns/event', cpu_s: cpu, runs };
}

function eventOf(index: number): VakthundEvent {
  const ends = {
    source_ip: flat(`10.0.${index & 255}.${index % 251}`),
    destination_ip: flat(`223.${index % 255}.${index & 255}.9`),
  };
  if (index % 3 === 0) {
    return Object.assign(newEvent('dns'), ends, {
      dns_question_name: flat(`www.host${index}.net`),
      dns_resolved_ip: [ends.destination_ip],
    });
  }
  if (index % 7 === 0) {
    return Object.assign(newEvent('http'), ends, {
      url_domain: flat(`site${index}.org`),
      url_original: '/index.html',
      user_agent_original: 'curl/8.5.0',
    });
  }
  return Object.assign(newEvent('flow'), ends);
}

function domainOf(index: number): string {
  return `h${((index * 7919) % 1_000_003).toString(36)}.evil${index.toString(36)}.com`;
}

/** Spread over 200 of the /8 blocks, without 10/8 and 127/8. */
function addressOf(index: number): string {
  const first = 11 + ((index * 31) % 110);
  return `${first}.${(index * 17) % 250}.${(index >>> 2) % 250}.${(index >>> 9) % 250}`;
}

/** Every second value is listed; a listed name is seen with a label before it. */
function seenValue(valueOf: (index: number) => string, index: number): string {
  const value = valueOf((index * 13) % entries);
  const isAddress = /^[\d.]+$/.test(value);
  if (index % 2 === 0) return isAddress ? value : `www.${value}`;
  return isAddress ? value.replace(/^\d+/, '223') : `${value.replace('.com', '.net')}`;
}

/** A text in one piece, as a log reader makes them: pieces joined by JavaScript are slower to read. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
