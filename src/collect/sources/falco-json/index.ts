import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { falcoDecoder } from './decode.ts';

export const source = defineSource({
  id: 'falco-json',
  title: 'Falco alerts',
  description:
    'Alerts that Falco writes with `json_output` (file, standard output, HTTP), also as falcosidekick passes them on (CloudEvents, Elasticsearch) and as container runtimes and Filebeat wrap them. What Falco says of itself becomes a log record, and a problem where it lost events. Alerts in text form are not read.',
  references: [
    'https://falco.org/docs/concepts/outputs/formatting/',
    'https://falco.org/docs/reference/rules/supported-fields/',
    'https://falco.org/docs/concepts/event-sources/kernel/dropped-events/',
  ],
  guide: ['C15', 'B06'],
  emits: ['alert', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, falcoDecoder),
});

/** Bytes in which a wrapped alert names its parts. */
const wrappedBytes = 8192;

function detect(_name: string, head: Uint8Array): Detection {
  const isAlert = firstRecordKeys(head).some(
    (keys) => keys.has('rule') && keys.has('priority') && (keys.has('output') || keys.has('output_fields')),
  );
  if (isAlert) return 'certain';
  const text = Buffer.from(head.subarray(0, wrappedBytes)).toString('latin1');
  return isWrapped(text) ? 'certain' : undefined;
}

function isWrapped(text: string): boolean {
  return text.includes('output_fields') && /\\?"rule\\?"\s*:/.test(text) && /\\?"priority\\?"\s*:/.test(text);
}
