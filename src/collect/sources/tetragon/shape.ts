import type { EventRow } from '../../../events/event.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isObject } from '../../mapping/paths.ts';
import type { JsonObject } from '../../json-value.ts';
import type { Shape } from '../../shaped-records.ts';
import { finishActor } from '../../linux/program-names.ts';
import { mappingOf, topics, type Topic } from './mapping.ts';
import { actionOf, topicOf } from './probe.ts';

/** Types of events that are read; an event has its type as a key. */
export const eventTypes = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_tracepoint',
  'process_uprobe',
  'process_usdt',
  'process_lsm',
  'process_loader',
  'process_throttle',
  'process_connect',
  'process_close',
  'process_accept',
  'process_listen',
  'rate_limit_info',
] as const;
type EventType = (typeof eventTypes)[number];

const compile = (type: EventType, topic: Topic) => compileMapping(mappingOf(type, topic), { nested: true });
/** Made when first needed: most of the pairs never occur. */
const compiled = new Map<string, ReturnType<typeof compile>>();

/** How an event is read; undefined for a record that has no known type. */
export function shapeOf(record: JsonObject): Shape | undefined {
  const type = eventTypes.find((name) => isObject(record[name]));
  if (type === undefined) return undefined;
  const body = record[type] as JsonObject;
  const topic = topics[type] ?? topicOf(body);
  const name = `${type} ${topic}`;
  const convert = compiled.get(name) ?? compile(type, topic);
  compiled.set(name, convert);
  return { convert, record, finish: (row) => finish(row, topic, body) };
}

function finish(row: EventRow, topic: Topic, body: JsonObject): void {
  finishActor(row);
  const action = actionOf(topic, body);
  if (action !== undefined) row['event_action'] = action;
  if (topic === 'file') row['file_path'] = absolute(row['file_path'], body);
}

/** Old versions lose the first slash of some paths; a relative path is one of the working directory. */
function absolute(path: EventRow[string] | undefined, body: JsonObject): string | null {
  if (typeof path !== 'string') return null;
  return path.startsWith('/') || !isKernelPath(body) ? path : `/${path}`;
}

/** Paths of `file` and `path` arguments are those of the kernel, from the root on. */
function isKernelPath({ args }: JsonObject): boolean {
  return Array.isArray(args) && args.some((argument) => isObject(argument) && isObject(argument['file_arg']));
}
