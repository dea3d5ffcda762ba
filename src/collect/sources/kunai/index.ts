import { decodeJsonLines } from '../../json-lines.ts';
import { shapedDecoder } from '../../shaped-records.ts';
import { defineSource, type Detection } from '../../source.ts';
import { shapeOf } from './shape.ts';

export const source = defineSource({
  id: 'kunai',
  title: 'Kunai events',
  description:
    'The JSON events of Kunai: programs, clones, exits, signals and traces, files that are created, read, written, renamed ' +
    'and deleted, connections and data sent, DNS queries, kernel modules and BPF programs, memory made executable. ' +
    'Detections of its own rules become alerts. Events of other types become log records.',
  references: ['https://why.kunai.rocks/docs/category/kunai---events', 'https://github.com/kunai-project/kunai'],
  guide: ['C15', 'C16', 'B06'],
  emits: ['process', 'file_access', 'socket', 'dns', 'kernel_module', 'alert', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const decoder = shapedDecoder('an event of Kunai', shapeOf);

/** Bytes in which the first event says who wrote it: command lines stand before. */
const lookedAt = 32_768;
const writtenByKunai = /"event"\s*:\s*\{\s*"source"\s*:\s*"kunai"/;

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, lookedAt)).toString('latin1');
  return /^\s*(?:\[\s*)?\{/.test(text) && writtenByKunai.test(text) ? 'certain' : undefined;
}
