import type { Compression } from '../../../../src/base/decompress.ts';
import { readContent } from '../../../../src/collect/open/content.ts';
import { defaultOpenLimits } from '../../../../src/collect/open/limits.ts';
import { silentLogger } from '../../../../src/base/logger.ts';
import type { Problem } from '../../../../src/base/problem.ts';
import { source } from '../../../../src/collect/sources/zeek/index.ts';
import type { EventRow } from '../../../../src/events/event.ts';

export interface Decoded {
  readonly events: readonly EventRow[];
  readonly problems: readonly Problem[];
}

/** What the decoder makes of a content. */
export async function decodeZeek(name: string, content: Uint8Array): Promise<Decoded> {
  const events: EventRow[] = [];
  const problems: Problem[] = [];
  const context = { name, start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  for await (const batch of source.decode(once(content), context)) {
    events.push(...(batch.events as unknown as readonly EventRow[]));
    problems.push(...batch.problems);
  }
  return { events, problems };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

const compressions: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };

/** The decompressed content of a file; throws when it is damaged. */
export async function readWhole(path: string): Promise<Buffer> {
  const compression = compressions[path.split('.').at(-1) ?? ''] ?? 'none';
  const parts: Uint8Array[] = [];
  const content = readContent(path, compression, defaultOpenLimits, (problem) => {
    throw new Error(problem.message);
  });
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

/** `fields` of an event as an object. */
export function fieldsOf(event: EventRow): Readonly<Record<string, unknown>> {
  const { fields } = event;
  return typeof fields === 'string' ? (JSON.parse(fields) as Record<string, unknown>) : {};
}
