import { decodeFromStart } from '../../from-start.ts';
import { defineSource, type Batch, type DecodeContext, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { asUtf8, textOfHead } from '../../utf16.ts';
import { autorunsDecoder, headerOf } from './decode.ts';

export const source = defineSource({
  id: 'autoruns',
  title: 'Autoruns of Windows',
  description:
    'What Sysinternals `autorunsc -c` or `-ct` writes, in UTF-16 or UTF-8: everything that Windows starts by itself. ' +
    'Scheduled tasks, services, drivers and WMI subscriptions are told as what they are, values below a registry key as ' +
    'registry entries, and the others as log records. The time is the last change of the entry, and it is a state: nothing ' +
    'says who made it.',
  references: ['https://learn.microsoft.com/en-us/sysinternals/downloads/autoruns'],
  guide: ['B03', 'B10', 'B11'],
  emits: ['scheduled_task', 'registry', 'log'],
  isBinary: true,
  detect,
  decode: (content, context) => decodeFromStart(content, context, decodeUtf16),
});

function decodeUtf16(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  return decodeTextLines(asUtf8(content), context, autorunsDecoder);
}

/** The banner of the program may stand before the header. */
const maxLines = 8;

function detect(_name: string, head: Uint8Array): Detection {
  const lines = textOfHead(head.subarray(0, 8192)).split(/\r?\n/, maxLines);
  return lines.some((line) => headerOf(line) !== undefined) ? 'certain' : undefined;
}
