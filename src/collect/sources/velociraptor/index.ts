import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { windowsKinds } from '../../windows/kinds.ts';
import { defineSource, type Detection } from '../../source.ts';
import { collectionDecoder } from './decode.ts';
import { placeOf } from './place.ts';

export const source = defineSource({
  id: 'velociraptor',
  title: 'Velociraptor collections',
  description:
    'Rows that Velociraptor collected, as JSON lines: `results/` of a collection or offline collector (in its zip or ' +
    'unpacked), its log and list of uploads, and exports of rows with `_Source`. Processes, connections, log-ins, tasks and ' +
    'services of Windows become what they are where a row says when, entries of Windows event logs what the `evtx` source makes of them; every other row is a log record named after its artifact. Files among the uploads ' +
    'are read by their own sources.',
  references: [
    'https://docs.velociraptor.app/docs/offline_triage/',
    'https://docs.velociraptor.app/artifact_references/',
  ],
  guide: ['B03', 'B08'],
  emits: [...new Set([...windowsKinds, 'process', 'socket', 'user_session', 'scheduled_task', 'log'] as const)],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => collectionDecoder(context.name)),
});

/** Rows of an artifact may have any keys: those without `_Source` are told by where they stand. */
function detect(name: string, head: Uint8Array): Detection {
  const records = firstRecordKeys(head);
  const isJson = /^\s*\{/.test(Buffer.from(head.subarray(0, 64)).toString('latin1'));
  if (!isJson || records.length === 0) return undefined;
  const place = placeOf(name);
  const hasSource = records.some((keys) => keys.has('_Source'));
  return place.artifact !== undefined || hasSource ? 'certain' : undefined;
}
