import { silentLogger } from '../../src/base/logger.ts';
import type { Problem } from '../../src/base/problem.ts';
import { contentStart, type Source } from '../../src/collect/source.ts';
import type { VakthundEvent } from '../../src/events/event.ts';
import { brokenLaw } from '../fuzz/check-source.ts';

export interface Decoded {
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
}

/** What a source makes of a content. Throws where that breaks a law of sources: valid events, any cut, going on. */
export async function decodeContent(source: Source, content: Uint8Array | string, name = 'x.log'): Promise<Decoded> {
  const bytes = Buffer.from(content);
  for (const cutSeed of [1, 2]) {
    const fault = await brokenLaw(source, { name, bytes, cutSeed });
    if (fault !== undefined) throw new Error(fault);
  }
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name, start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(once(bytes), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

/** Code and line of each problem. */
export function placesOf(problems: readonly Problem[]): unknown[] {
  return problems.map(({ code, at }) => [code, at.line]);
}

/** The columns of an event that hold something, with its fields as an object. */
export function contentOf(event: VakthundEvent | undefined): Record<string, unknown> {
  const known = Object.entries(event ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(
    known.map(([name, value]) => [name, name === 'fields' ? (JSON.parse(String(value)) as unknown) : value]),
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
