import { defineSource, type Detection } from '../../source.ts';
import { windowsKinds } from '../../windows/kinds.ts';
import { decode } from './decode.ts';

export const source = defineSource({
  id: 'windows-xml',
  title: 'Windows events as XML',
  description:
    'Events of Windows and of Sysmon for Linux as XML in UTF-8: what `wevtutil`, the Event Viewer, evtxexport and ' +
    '`evtx_dump -o xml` write, and lines of syslog that hold nothing but events. They become the same events as from the `evtx` ' +
    'source. Text between the events is passed over. UTF-16 is not read.',
  references: [
    'https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-schema',
    'https://github.com/microsoft/SysmonForLinux',
  ],
  guide: ['B03', 'B05', 'B06', 'B10', 'B11'],
  emits: windowsKinds,
  detect,
  decode,
});

/** Bytes in which the first event begins. */
const lookedAt = 16_384;
const eventStart = /<Event(?: xmlns=["'][^"']{0,200}["'])?>\s{0,200}<System>\s{0,200}<Provider[\s/>]/;

const syslogStart = /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:|\d{4}-\d\d-\d\dT\d\d:)/;

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, lookedAt)).toString('latin1');
  // JSON that has such text in it belongs to others.
  if (/^\s*[{[]/.test(text) || !eventStart.test(text)) return undefined;
  // Lines of syslog have more than such events: the source of syslog reads both.
  return syslogStart.test(text) ? 'likely' : 'certain';
}
