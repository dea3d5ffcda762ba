import { isDeepStrictEqual } from 'node:util';
import { silentLogger } from '../../src/base/logger.ts';
import { contentStart, type Batch, type Checkpoint, type Source } from '../../src/collect/source.ts';
import type { VakthundEvent } from '../../src/events/event.ts';
import { Random } from './random.ts';
import { faultOf } from './valid-event.ts';

export interface FuzzInput {
  readonly name: string;
  readonly bytes: Buffer;
  /** Chooses how the bytes are cut into chunks. */
  readonly cutSeed: number;
}

interface Decoded {
  readonly events: VakthundEvent[];
  /** Checkpoint after each batch, with the number of events before it. */
  readonly marks: { readonly checkpoint: Checkpoint; readonly events: number }[];
}

/** A law that a source broke on an input, as one line; undefined when it kept all of them. A throw is the caller's to catch. */
export async function brokenLaw(source: Source, input: FuzzInput): Promise<string | undefined> {
  const head = input.bytes.subarray(0, 65_536);
  source.detect(input.name, head);
  const routeFault = brokenRoute(source, input, head);
  if (routeFault !== undefined) return routeFault;
  const whole = await decode(source, input, contentStart);
  if (typeof whole === 'string') return whole;
  return (await brokenCut(source, input, whole)) ?? (await brokenResume(source, input, whole));
}

async function decode(source: Source, input: FuzzInput, start: Checkpoint, cut = true): Promise<Decoded | string> {
  const bytes = input.bytes.subarray(start.byte);
  const content = chunks(bytes, cut ? input.cutSeed : undefined, source.keepsPieces === true);
  const decoded: Decoded = { events: [], marks: [] };
  let before = start;
  const context = { name: input.name, start, growing: false, logger: silentLogger };
  for await (const batch of source.decode(content, context)) {
    const fault = brokenBatch(source, batch, before, input.bytes.length);
    if (fault !== undefined) return fault;
    before = batch.checkpoint;
    decoded.events.push(...batch.events);
    decoded.marks.push({ checkpoint: before, events: decoded.events.length });
  }
  return decoded;
}

function brokenBatch(source: Source, batch: Batch, before: Checkpoint, length: number): string | undefined {
  const { byte, line } = batch.checkpoint;
  if (!Number.isInteger(byte) || !Number.isInteger(line)) return `checkpoint byte ${byte}, line ${line} is not whole`;
  if (byte < before.byte || line < before.line) {
    return `checkpoint went back from byte ${before.byte}, line ${before.line} to byte ${byte}, line ${line}`;
  }
  if (byte > length) return `checkpoint at byte ${byte} of ${length}`;
  for (const event of batch.events) {
    const fault = faultOf(event, source.emits);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** How the content is cut into chunks must not change what is read. */
async function brokenCut(source: Source, input: FuzzInput, whole: Decoded): Promise<string | undefined> {
  const uncut = await decode(source, input, contentStart, false);
  if (typeof uncut === 'string') return `in one chunk: ${uncut}`;
  const difference = firstDifference(whole.events, uncut.events);
  return difference === undefined ? undefined : `other events in one chunk: ${difference}`;
}

/** Decoding that goes on from a checkpoint gives the rest of the events: a killed process loses and doubles nothing. */
async function brokenResume(source: Source, input: FuzzInput, whole: Decoded): Promise<string | undefined> {
  const mark = whole.marks[input.cutSeed % Math.max(1, whole.marks.length)];
  if (mark === undefined) return undefined;
  const rest = await decode(source, input, mark.checkpoint);
  if (typeof rest === 'string') return `going on from byte ${mark.checkpoint.byte}: ${rest}`;
  const difference = firstDifference(whole.events.slice(mark.events), rest.events);
  return difference === undefined
    ? undefined
    : `other events going on from byte ${mark.checkpoint.byte}: ${difference}`;
}

function firstDifference(a: readonly VakthundEvent[], b: readonly VakthundEvent[]): string | undefined {
  const index = a.findIndex((event, at) => !isDeepStrictEqual(event, b[at]));
  if (index >= 0) return `number ${index}: ${show(a[index])} against ${show(b[index])}`;
  return a.length === b.length ? undefined : `${a.length} against ${b.length}`;
}

function show(event: VakthundEvent | undefined): string {
  return JSON.stringify(event, (_key, value: unknown) => value ?? undefined)?.slice(0, 200) ?? 'none';
}

/** A bulk plan may be refused, and a line may be left to `decode` (-1), but nothing throws or points outside the routes. */
function brokenRoute(source: Source, { name, bytes }: FuzzInput, head: Uint8Array): string | undefined {
  const plan = source.bulk?.(name, head);
  if (plan?.route === undefined) return undefined;
  for (let start = plan.headerBytes, lines = 0; start < bytes.length && lines < 200; lines++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    const route = plan.route(bytes, start, end);
    if (!Number.isInteger(route) || route < -1 || route >= plan.routes.length) {
      return `route ${route} of ${plan.routes.length}`;
    }
    start = end + 1;
  }
  return undefined;
}

/** What is given is the source's until it asks for more, as files are read; then other bytes stand in its place, unless it keeps pieces. */
async function* chunks(bytes: Buffer, cutSeed: number | undefined, keepsPieces: boolean): AsyncIterable<Uint8Array> {
  for (const [start, end] of cuts(bytes.length, cutSeed)) {
    const piece = Buffer.from(bytes.subarray(start, end));
    yield piece;
    if (!keepsPieces) piece.fill(0xa5);
    await Promise.resolve();
  }
}

function* cuts(length: number, seed: number | undefined): Generator<readonly [number, number]> {
  if (seed === undefined) {
    yield [0, length];
    return;
  }
  const random = new Random(seed);
  const largest = random.pick([7, 100, 4096, 65_536]);
  // Tiny chunks of a large input would only measure the loop.
  const smallest = Math.ceil(length / 2000);
  for (let at = 0; at < length;) {
    const end = at + smallest + 1 + random.below(largest);
    yield [at, end];
    at = end;
  }
}
