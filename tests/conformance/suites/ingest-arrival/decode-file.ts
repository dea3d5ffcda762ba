import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '../../../../src/base/logger.ts';
import type { Problem } from '../../../../src/base/problem.ts';
import { contentStart, type Source } from '../../../../src/collect/source.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';

export interface DecodedFile {
  readonly detection: string | undefined;
  readonly events: readonly VakthundEvent[];
  readonly problems: readonly Problem[];
}

/** The bytes of a file, unpacked where it is gzip. */
export function readContent(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** What a source makes of a content under a name. */
export async function decodeBytes(source: Source, content: Buffer, name: string): Promise<DecodedFile> {
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name, start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(once(content), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { detection: source.detect(name, content.subarray(0, 65_536)), events, problems };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
