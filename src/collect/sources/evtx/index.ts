import { defineSource, type Detection } from '../../source.ts';
import { windowsKinds } from '../../windows/kinds.ts';
import { startsAsChunk } from './chunk.ts';
import { decode } from './decode.ts';
import { startsAsFile } from './file-header.ts';

export const source = defineSource({
  id: 'evtx',
  title: 'Windows event log',
  description:
    'Event logs of Windows Vista and later (`.evtx`) in their binary form, chunk by chunk: dirty, cut and damaged files, ' +
    'chunks carved out of a disk, forwarded events. Events of Sysmon, Security, System, PowerShell, Task Scheduler, WMI, ' +
    'Defender, Remote Desktop, BITS and the firewall become events of their kind, all others log records; every field ' +
    'stays in `fields` under its Windows name. Texts of message files (`%%1833`) are not looked up. A log that Windows ' +
    'still writes to is read as it stands: its last chunk is rewritten in place and is not followed.',
  references: [
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-even6/',
    'https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc',
  ],
  guide: ['B03', 'B05', 'B10', 'B11'],
  emits: windowsKinds,
  isBinary: true,
  detect,
  decode,
});

function detect(_name: string, head: Uint8Array): Detection {
  return startsAsFile(head) || startsAsChunk(head) ? 'certain' : undefined;
}
