import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { windowsKinds } from '../../windows/kinds.ts';
import { isOlderBeat } from './beat.ts';
import { windowsDecoder } from './decode.ts';

export const source = defineSource({
  id: 'windows-json',
  title: 'Windows events as JSON',
  description:
    'Windows events that another program wrote as JSON, one on each line or otherwise: evtx_dump, Winlogbeat, NXLog and ' +
    'what else writes the fields of an event into one flat object. They become the same events as from the `evtx` ' +
    'source. Values are as that program wrote them; numbers past 2^53 are kept as text.',
  references: [
    'https://github.com/omerbenamram/evtx',
    'https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html',
    'https://docs.nxlog.co/refman/current/im/msvistalog.html',
  ],
  guide: ['B03', 'B05', 'B10', 'B11'],
  emits: windowsKinds,
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => windowsDecoder),
});

/** Bytes in which an event names its parts. */
const lookedAt = 8192;

function detect(_name: string, head: Uint8Array): Detection {
  const isFlatOrBeat = firstRecordKeys(head).some(
    (keys) =>
      keys.has('winlog') ||
      isOlderBeat((key) => keys.has(key)) ||
      (keys.has('EventID') && producerKeys.some((key) => keys.has(key))),
  );
  if (isFlatOrBeat) return 'certain';
  const text = Buffer.from(head.subarray(0, lookedAt)).toString('latin1');
  if (dumpStart.test(text)) return 'certain';
  return syslogStart.test(text) ? 'certain' : undefined;
}

/** One of these stands beside the id in every flat form. */
const producerKeys = ['Channel', 'SourceName', 'Provider_Name', 'ProviderGuid'];
const dumpStart = /^\s*(?:Record \d{1,20}\s+)?\{\s*"Event"\s*:\s*\{[\s\S]{0,4000}"System"\s*:\s*\{/;
/** Sysmon for Linux writes XML to syslog, which Azure Monitor keeps in a field. */
const syslogStart = /"SyslogMessage"\s*:\s*"(?:<|\\u003c)Event(?:>|\\u003e)/i;
