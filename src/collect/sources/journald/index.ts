import { messageKinds } from '../../linux/messages/interpret.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decode } from './decode.ts';
import { signature } from '../../linux/journal/header.ts';

export const source = defineSource({
  id: 'journald',
  title: 'systemd journal',
  description:
    'Journal files of systemd (`*.journal`, compact or not, with data in zstd or LZ4), and what `journalctl -o export` and ' +
    'systemd-journal-remote write. Log-ins, sudo, accounts and commands of cron are read from the messages; every other ' +
    'entry is a log record. Data in XZ are not read, and seals (FSS) are not checked.',
  references: ['https://systemd.io/JOURNAL_FILE_FORMAT/', 'https://systemd.io/JOURNAL_EXPORT_FORMATS/'],
  guide: ['B03', 'B10'],
  emits: messageKinds,
  isBinary: true,
  detect,
  decode,
});

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 400)).toString('latin1');
  if (text.startsWith(signature)) return 'certain';
  return /^\n{0,4}__CURSOR=[^\n]{1,300}\n(?:__\w{1,40}=|_BOOT_ID=)/.test(text) ? 'certain' : undefined;
}
