import { silentLogger } from '../../../../src/base/logger.ts';
import type { Problem } from '../../../../src/base/problem.ts';
import { contentStart, type Source } from '../../../../src/collect/source.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';

export interface Decoded {
  readonly events: readonly VakthundEvent[];
  readonly problems: readonly Problem[];
}

/** All that a source makes of a file. */
export async function decodeAll(source: Source, name: string, bytes: Buffer): Promise<Decoded> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name, start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(content(), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

const errorCodes = new Set(['bad-record', 'bad-header', 'truncated', 'limit-reached']);

/** Problems that are an error for evtx_dump too: it does not check checksums, and passes over zeros and what trails. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter((problem) => errorCodes.has(problem.code));
}

export function fieldsOf(event: VakthundEvent | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(event?.fields ?? '{}') as Record<string, unknown>;
}
