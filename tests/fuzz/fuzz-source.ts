import type { Source } from '../../src/collect/source.ts';
import { brokenLaw, type FuzzInput } from './check-source.ts';
import { mutate } from './mutate.ts';
import { Random, seedOf } from './random.ts';
import type { Seed } from './seeds.ts';

/** Of the processor, however busy the machine is. A decoder works at megabytes a second; inputs have half a megabyte, and are read three times. */
const maxInputMs = 8_000;
/** Decoders may hold a bounded buffer, not what an input asks for. */
const maxGrowthBytes = 256 * 1024 * 1024;

export interface Failure {
  /** Number of the execution: with the run's seed it gives the same input again. */
  readonly execution: number;
  readonly message: string;
}

/** Input number `execution` of a source: the first ones are the seeds themselves. */
export function inputOf(source: Source, seeds: readonly Seed[], runSeed: number, execution: number): FuzzInput {
  const random = new Random(seedOf(runSeed, source.id, execution));
  const seed = seeds[execution < seeds.length ? execution : random.below(seeds.length)] ?? {
    name: 'seed',
    bytes: Buffer.alloc(0),
  };
  const others = seeds.map(({ bytes }) => bytes);
  const bytes = execution < seeds.length ? seed.bytes : mutate(seed.bytes, random, others);
  return { name: seed.name, bytes, cutSeed: random.below(2 ** 31) };
}

/** Runs one execution; a throw, a broken law, too much time or too much memory is a failure. */
export async function execute(
  source: Source,
  seeds: readonly Seed[],
  runSeed: number,
  execution: number,
): Promise<Failure | undefined> {
  const input = inputOf(source, seeds, runSeed, execution);
  const before = heldBytes();
  const started = process.threadCpuUsage();
  try {
    const broken = await brokenLaw(source, input);
    if (broken !== undefined) return { execution, message: broken };
  } catch (error) {
    return { execution, message: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
  const { user, system } = process.threadCpuUsage(started);
  const tookMs = (user + system) / 1000;
  if (tookMs > maxInputMs) {
    return { execution, message: `took ${Math.round(tookMs)} ms of the processor for ${input.bytes.length} bytes` };
  }
  const grown = heldBytes() - before;
  return grown > maxGrowthBytes ? { execution, message: `grew by ${Math.round(grown / 1e6)} MB` } : undefined;
}

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
