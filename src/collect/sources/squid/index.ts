import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { squidDecoder } from './decode.ts';
import { readLine } from './line.ts';

export const source = defineSource({
  id: 'squid',
  title: 'Access log of Squid',
  description:
    'Requests to a Squid proxy in its own format (`logformat squid`), which is also that of other caches, with the headers of ' +
    '`log_mime_hdrs` or without. Each is an HTTP event of the client and the place that was asked for; the address is told where Squid ' +
    'went there itself. The time is that of the beginning. Logs that Squid writes as common or combined format are read as `access-log`.',
  references: ['https://wiki.squid-cache.org/Features/LogFormat', 'https://www.squid-cache.org/Doc/config/logformat/'],
  guide: ['B04', 'B12'],
  emits: ['http'],
  detect,
  decode: (content, context) => decodeTextLines(content, context, () => squidDecoder),
});

const maxLines = 20;

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 16_384)).toString('latin1');
  const lines = text.split('\n', maxLines).filter((line) => line.trim() !== '');
  const fitting = lines.filter((line) => readLine(line) !== undefined);
  // The last line may be cut.
  return fitting.length > 0 && fitting.length >= (lines.length - 1) * 0.7 ? 'certain' : undefined;
}
