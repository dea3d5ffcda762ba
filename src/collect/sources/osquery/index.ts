import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decoder } from './decode.ts';

export const source = defineSource({
  id: 'osquery',
  title: 'osquery results',
  description:
    'The results that osqueryd logs: single rows (event form), batches and snapshots, with decorations, and its status ' +
    'records in JSON. Each row is an event. Rows of evented tables (processes, sockets, files, users) become what they are, ' +
    'and so do changes of tables that say what starts, listens or may log in. The first run of a query is an inventory and ' +
    'no change: its rows are log records, as are those of snapshots and of all other tables.',
  references: ['https://osquery.readthedocs.io/en/stable/deployment/logging/', 'https://osquery.io/schema/'],
  guide: ['B03', 'B07', 'B10', 'B11'],
  emits: ['process', 'file_access', 'socket', 'user_session', 'kernel_module', 'scheduled_task', 'alert', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

/** A batch names its query behind all of its rows. */
const batchStart = /^\s*\{\s*"(?:diffResults|snapshot)"\s*:\s*[{[]/;

function detect(_name: string, head: Uint8Array): Detection {
  const isResult = firstRecordKeys(head).some((keys) => {
    const isOurs = keys.has('hostIdentifier') && (keys.has('unixTime') || keys.has('calendarTime'));
    const isStatus = keys.has('severity') && keys.has('filename') && keys.has('message');
    return isOurs && (keys.has('columns') || keys.has('diffResults') || keys.has('snapshot') || isStatus);
  });
  if (isResult) return 'certain';
  const text = Buffer.from(head).toString('latin1');
  if (!batchStart.test(text)) return undefined;
  return text.includes('"hostIdentifier":') ? 'certain' : 'likely';
}
