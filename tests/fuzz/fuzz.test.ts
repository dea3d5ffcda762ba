import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/collect/lines.ts';
import { sources } from '../../src/collect/sources/registry.generated.ts';
import type { Batch, DecodeContext, Source } from '../../src/collect/source.ts';
import { newEvent, type VakthundEvent } from '../../src/events/event.ts';
import { brokenLaw } from './check-source.ts';
import { execute, inputOf } from './fuzz-source.ts';
import { maxInputBytes } from './mutate.ts';
import { collectSeeds, type Seed } from './seeds.ts';
import { asList } from './source-list.ts';

const root = join(import.meta.dirname, '../..');
const all = asList(sources);

/** Few executions with a fixed seed, so that a broken decoder shows in every test run; `npm run fuzz` goes on from here. */
const executions = 25;

describe.runIf(all.length > 0)('every source', async () => {
  const seeds = await collectSeeds(all, root, [join(root, 'samples')]);
  it.each(all)('takes mutated input: $id', async (source) => {
    const own = seeds.get(source.id) ?? [];
    for (let count = 0; count < executions; count++) {
      const execution = count < 5 ? count : own.length + count;
      expect(await execute(source, own, 1, execution)).toBeUndefined();
    }
  });
});

describe('the fuzzer', () => {
  const seeds: Seed[] = [{ name: 'a.log', bytes: Buffer.from('one\ntwo 22\nthree\n'.repeat(50)) }];

  it('makes the same input again from the same numbers, and others from others', () => {
    const inputs = Array.from({ length: 200 }, (_, execution) => inputOf(lineSource({}), seeds, 7, execution + 1));
    expect(inputOf(lineSource({}), seeds, 7, 42)).toEqual(inputs[41]);
    expect(new Set(inputs.map(({ bytes }) => bytes.toString('latin1'))).size).toBeGreaterThan(150);
    expect(Math.max(...inputs.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(maxInputBytes);
    expect(seeds[0]?.bytes.toString()).toMatch(/^one\ntwo 22\n/);
  });

  it('is content with a source that keeps the laws', async () => {
    for (let execution = 0; execution < 50; execution++) {
      expect(await execute(lineSource({}), seeds, 1, execution)).toBeUndefined();
    }
  });

  it.each<[name: string, flaw: Flaw, message: RegExp]>([
    ['throws', { change: () => fail() }, /^threw Error: boom/],
    [
      'gives a value of another type',
      { change: (event) => ({ ...event, message: 1 }) },
      /log\.message \(text\) holds 1/,
    ],
    ['gives text that has no UTF-8 form', { change: (event) => ({ ...event, message: '\ud800' }) }, /log\.message/],
    ['gives no place', { change: (event) => ({ ...event, evidence_at: 0 }) }, /evidence_at is 0/],
    ['gives a time that is no number', { change: (event) => ({ ...event, time: Number.NaN }) }, /log\.time \(time\)/],
    ['gives a column that is not declared', { change: (event) => ({ ...event, extra: 1 }) }, /\+extra/],
    [
      'gives a kind that it does not declare',
      { change: () => ({ ...newEvent('flow'), evidence_at: 1 }) },
      /does not declare/,
    ],
    ['goes back', { checkpoint: (batch) => ({ ...batch.checkpoint, byte: 100 - batch.checkpoint.line }) }, /went back/],
    ['runs past the end', { checkpoint: (batch) => ({ ...batch.checkpoint, byte: 1e9 }) }, /byte 1000000000 of/],
    ['depends on how the content is cut', { isCutDependent: true }, /other events in one chunk/],
    ['cannot go on from its checkpoints', { checkpoint: () => ({ byte: 1, line: 0 }) }, /going on from byte 1/],
  ])('finds a source that %s', async (_name, flaw, message) => {
    const failure = await execute(lineSource(flaw), seeds, 1, 0);
    expect(failure?.message).toMatch(message);
  });

  it('finds a bulk plan that points outside its routes', async () => {
    const layout = { type: 'json' } as const;
    const plan = { layout, headerBytes: 0, headerLines: 0, routes: [], route: () => 0 };
    const source: Source = { ...lineSource({}), bulk: () => plan };
    expect(await brokenLaw(source, { name: 'a', bytes: Buffer.from('x\n'), cutSeed: 1 })).toBe('route 0 of 0');
  });
});

interface Flaw {
  readonly change?: (event: VakthundEvent) => object;
  readonly checkpoint?: (batch: Batch) => Batch['checkpoint'];
  readonly isCutDependent?: boolean;
}

/** A source of log lines with a flaw. */
function lineSource(flaw: Flaw): Source {
  async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncIterable<Batch> {
    for await (const block of readLines(content, context)) {
      const events: VakthundEvent[] = [];
      for (let i = 0; i < block.count; i++) {
        const message = block.bytes.toString('utf8', block.starts[i], block.ends[i]);
        const sensor = flaw.isCutDependent === true ? String(block.count) : null;
        const event = { ...newEvent('log'), evidence_at: block.firstLine + i, message, sensor };
        events.push((flaw.change?.(event) ?? event) as VakthundEvent);
      }
      const checkpoint = { byte: block.endByte, line: block.firstLine + block.count - 1 };
      const batch = { events, problems: block.problems, checkpoint };
      yield { ...batch, checkpoint: flaw.checkpoint?.(batch) ?? checkpoint };
    }
  }
  const about = { title: '', description: '', references: [], guide: [] };
  return { id: 'lines', ...about, emits: ['log'], detect: () => 'likely', decode };
}

function fail(): never {
  throw new Error('boom');
}
