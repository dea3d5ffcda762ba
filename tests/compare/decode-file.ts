import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { silentLogger } from '../../src/base/logger.ts';
import { contentStart, type Source } from '../../src/collect/source.ts';
import { sources } from '../../src/collect/sources/registry.generated.ts';
import type { EventRow } from '../../src/events/event.ts';

/** All events of a plain or gzip file as the named source decodes it. Throws when there is no such source. */
export async function* decodeFile(sourceId: string, file: string): AsyncIterable<EventRow> {
  const source = (Object.values(sources) as Source[]).find(({ id }) => id === sourceId);
  if (source === undefined) throw new Error(`there is no source "${sourceId}"`);
  const isGzip = file.endsWith('.gz');
  const stream = createReadStream(file);
  const content: AsyncIterable<Uint8Array> = isGzip ? stream.pipe(createGunzip()) : stream;
  const name = isGzip ? basename(file, '.gz') : basename(file);
  for await (const batch of source.decode(content, {
    name,
    start: contentStart,
    growing: false,
    logger: silentLogger,
  })) {
    yield* batch.events as readonly EventRow[];
  }
}
