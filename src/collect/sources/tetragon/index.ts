import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines, type JsonDecoder } from '../../json-lines.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedDecoder } from '../../shaped-records.ts';
import { defineSource, type Detection } from '../../source.ts';
import { eventTypes, shapeOf } from './shape.ts';

export const source = defineSource({
  id: 'tetragon',
  title: 'Tetragon events',
  description:
    'The JSON events that Tetragon exports: programs that start and end, kernel and user probes, tracepoints, LSM hooks, ' +
    'and the connections of its enterprise edition. Probes become what their arguments are about: a file, a connection, ' +
    'a kernel module, credentials; every other becomes a log record. Events that were held back by its rate limit are a problem.',
  references: [
    'https://tetragon.io/docs/concepts/events/',
    'https://github.com/cilium/tetragon/blob/main/api/v1/tetragon/events.proto',
  ],
  guide: ['C15', 'C16', 'B06'],
  emits: ['process', 'file_access', 'socket', 'kernel_module', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const shaped = shapedDecoder('an event of Tetragon', shapeOf);
const decoder: JsonDecoder = {
  record(value, line, problems) {
    const info = value['rate_limit_info'];
    const count = isObject(info) ? Number(info['number_of_dropped_process_events']) : 0;
    if (count > 0) {
      const message = `${count} events were dropped by the rate limit, says Tetragon`;
      problems.add({ code: 'events-lost', at: { line }, message });
    }
    return shaped.record(value, line, problems);
  },
};

/** Bytes in which the parts of an event are named. */
const lookedAt = 16_384;
const execId = /"exec_id"\s*:|"number_of_dropped_process_events"\s*:/;

/** An event's own keys are its type, and mostly the node and the time behind a long first value. */
function detect(_name: string, head: Uint8Array): Detection {
  const isEvent = firstRecordKeys(head).some((keys) => eventTypes.some((type) => keys.has(type)));
  const text = Buffer.from(head.subarray(0, lookedAt)).toString('latin1');
  return isEvent && execId.test(text) ? 'certain' : undefined;
}
