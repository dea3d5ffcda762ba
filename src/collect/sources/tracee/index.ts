import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { shapedDecoder } from '../../shaped-records.ts';
import { defineSource, type Detection } from '../../source.ts';
import { shapeOf } from './shape.ts';

export const source = defineSource({
  id: 'tracee',
  title: 'Tracee events',
  description:
    'The JSON events of Tracee in both forms: flat with `eventName` and `args`, and with `workload` and `data` since 0.24. ' +
    'Programs, files, sockets, packets, DNS and HTTP become what they are; detections of signatures become alerts, and ' +
    'every other event a log record.',
  references: [
    'https://aquasecurity.github.io/tracee/latest/docs/events/',
    'https://aquasecurity.github.io/tracee/latest/docs/outputs/event-structure/',
  ],
  guide: ['C15', 'C16', 'B06'],
  emits: ['process', 'file_access', 'socket', 'dns', 'http', 'kernel_module', 'alert', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const decoder = shapedDecoder('an event of Tracee', shapeOf);

function detect(_name: string, head: Uint8Array): Detection {
  const isEvent = firstRecordKeys(head).some(
    (keys) =>
      (keys.has('eventName') && keys.has('timestamp') && (keys.has('processId') || keys.has('hostProcessId'))) ||
      (keys.has('workload') && keys.has('timestamp') && keys.has('name')),
  );
  return isEvent ? 'certain' : undefined;
}
