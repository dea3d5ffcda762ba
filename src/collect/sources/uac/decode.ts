import type { Batch, DecodeContext } from '../../source.ts';
import { decodeTextLines, type LineDecoder } from '../../text-lines.ts';
import { hashReader, readBody } from './files.ts';
import { listReaders } from './lists.ts';
import { placeOf, type Place } from './place.ts';
import { processReader } from './processes.ts';
import { eventOf, type LineReader, type Output } from './record.ts';
import { socketReader } from './sockets.ts';

/** Reads one file of an archive; says so where nothing tells when it was collected. */
export async function* decodeOutput(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const place = placeOf(context.name);
  const time = place?.time ?? context.modified;
  if (time === undefined && context.start.byte === 0) {
    const message = 'neither the name of the collection nor the file tells when it was collected';
    yield { events: [], problems: [{ code: 'partly-seen', at: {}, message }], checkpoint: context.start };
  }
  const output = { name: place?.name ?? '', host: place?.host ?? null, time: time ?? 0, pid: place?.pid };
  yield* decodeTextLines(content, context, () => outputDecoder(output, readerOf(place)));
}

function outputDecoder(output: Output, reader: LineReader): LineDecoder {
  return {
    line(text) {
      // Command lines in /proc have a NUL after each argument.
      const plain = text.replaceAll('\0', ' ');
      return (reader(plain) ?? [{}]).map((understood) => eventOf(understood, plain, output));
    },
  };
}

function readerOf(place: Place | undefined): LineReader {
  if (place?.form === 'body') return readBody;
  if (place?.form === 'hashes') return hashReader(place.algorithm ?? 'md5');
  const name = place?.pid === undefined ? (place?.name ?? '') : '';
  const list = listReaders.find(([pattern]) => pattern.test(name))?.[1];
  return list ?? processReader(name) ?? socketReader(name) ?? onlyText;
}

/** What a command wrote that is not taken apart: each line a record. */
const onlyText: LineReader = () => undefined;
