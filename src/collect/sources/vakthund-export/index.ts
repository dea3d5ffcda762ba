import { kindIds } from '../../../events/event.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { peek } from '../../peek.ts';
import { defineSource, type Batch, type DecodeContext, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { csvDecoder, jsonDecoder } from './decode.ts';
import { kindOfColumns } from './kind.ts';

export const source = defineSource({
  id: 'vakthund-export',
  title: 'Events that Vakthund exported',
  description:
    'Rows of one kind that `vakthund hunt "FROM dns" --format csv` or `--format json` wrote, in another case or on another ' +
    'machine: they become the same events. All columns of the kind must be there. JSON is one document, of at most 16 MiB; ' +
    'CSV has no bound.',
  references: [],
  guide: ['B04'],
  emits: kindIds,
  detect,
  decode,
});

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head).toString('utf8');
  if (/^\s*\{\s*"schema"\s*:\s*"vakthund\.report\/1"/.test(text)) {
    const names = [...text.matchAll(/\{\s*"name"\s*:\s*"(?<name>\w{1,64})"\s*,\s*"type"/g)].map(
      (match) => match.groups?.['name'] ?? '',
    );
    return kindOfColumns(names) === undefined ? undefined : 'certain';
  }
  return kindOfColumns((text.split(/\r?\n/, 1)[0] ?? '').split(',')) === undefined ? undefined : 'certain';
}

/** CSV has its header as state, and does not begin with a brace. */
async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const isStart = context.start.byte === 0;
  const { head, content: all } = await peek(content, isStart ? 1 : 0);
  const isCsv = context.start.state !== undefined || (isStart && head[0] !== 123);
  yield* isCsv ? decodeTextLines(all, context, csvDecoder) : decodeJsonLines(all, context, () => jsonDecoder);
}
