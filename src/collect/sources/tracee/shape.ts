import type { EventRow } from '../../../events/event.ts';
import type { JsonObject } from '../../json-value.ts';
import { finishActor } from '../../linux/program-names.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isoFromNanos } from '../../mapping/nanos.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Shape } from '../../shaped-records.ts';
import { mappings, type Route } from './mappings.ts';
import { fileAction, routeOf } from './routes.ts';

const compiled = Object.fromEntries(
  Object.entries(mappings).map(([route, mapping]) => [route, compileMapping(mapping, { nested: true })]),
) as Readonly<Record<Route, ReturnType<typeof compileMapping>>>;

/** How an event is read; undefined for a record that has neither form. */
export function shapeOf(record: JsonObject): Shape | undefined {
  const name = record['eventName'] ?? record['name'];
  if (typeof name !== 'string') return undefined;
  const isAlert = isObject(record['threat']) || isObject(record['metadata']);
  const route = isAlert ? 'alert' : routeOf(name);
  const shaped = reshape(record, route);
  return { convert: compiled[route], record: shaped, finish: (row) => finish(row, route, name, shaped) };
}

function reshape(record: JsonObject, route: Route): JsonObject {
  const shaped: Record<string, unknown> = { ...record };
  const time = isoFromNanos(record['timestamp']);
  if (time !== undefined) shaped['timestamp'] = time;
  for (const key of ['args', 'data']) {
    const values = argumentsOf(record[key]);
    if (values === undefined) continue;
    shaped[key] = route === 'dns' ? reshapeDns(values) : values;
  }
  const parent = parentOf(record);
  if (parent !== undefined) shaped['parent'] = parent;
  return shaped;
}

/**
 * Arguments by their names. They are a list of `{ name, type, value }`, or of `{ name, str: … }` where the type is the key
 * of the value. Undefined for a list that has no names or one of them twice: it stays as it is.
 */
function argumentsOf(list: unknown): JsonObject | undefined {
  if (isObject(list)) return list;
  if (!Array.isArray(list)) return undefined;
  const values = new Map<string, unknown>();
  for (const entry of list) {
    if (!isObject(entry)) return undefined;
    const { name, type: _type, ...rest } = entry;
    if (typeof name !== 'string' || values.has(name)) return undefined;
    values.set(name, 'value' in rest ? rest['value'] : Object.values(rest)[0]);
  }
  return Object.fromEntries(values);
}

/** The nearest ancestor, where the event tells them. */
function parentOf({ workload }: JsonObject): JsonObject | undefined {
  const process = isObject(workload) ? workload['process'] : undefined;
  const ancestors = isObject(process) ? process['ancestors'] : undefined;
  const nearest: unknown = Array.isArray(ancestors) ? ancestors[0] : undefined;
  return isObject(nearest) ? nearest : undefined;
}

/** Answers with their data in one place, and the ends as those of the question: the client first. */
function reshapeDns(values: JsonObject): JsonObject {
  const { proto_dns: message, src, dst, src_port: sourcePort, dst_port: destinationPort } = values;
  if (!isObject(message)) return values;
  const { answers } = message;
  const shaped = Array.isArray(answers) ? { ...message, answers: answers.map(withData) } : message;
  const isAnswer = message['QR'] === 1 || message['QR'] === true;
  const ends = isAnswer ? { src: dst, dst: src, src_port: destinationPort, dst_port: sourcePort } : {};
  return { ...values, ...ends, proto_dns: shaped };
}

function withData(answer: unknown): unknown {
  if (!isObject(answer)) return answer;
  const rest: Record<string, unknown> = {};
  let data: unknown;
  for (const [key, value] of Object.entries(answer)) {
    const isData = dataKeys.has(key) && typeof value === 'string';
    if (isData && value !== '') data ??= value;
    else if (!isData) rest[key] = value;
  }
  return { ...rest, data };
}

/** Where the data of an answer stand as text, by its type; the keys of the other types are empty. */
const dataKeys: ReadonlySet<string> = new Set(['IP', 'CNAME', 'NS', 'PTR', 'TXT']);

function finish(row: EventRow, route: Route, name: string, record: JsonObject): void {
  for (const column of emptyColumns) if (row[column] === '') row[column] = null;
  finishActor(row);
  const { returnValue } = record;
  if ('event_outcome' in row && typeof returnValue === 'number') {
    row['event_outcome'] = returnValue < 0 ? 'failure' : 'success';
  }
  if (route === 'exec' || route === 'exec-done') row['process_command_line'] = commandLine(row['process_args']);
  if (route === 'file') row['event_action'] = fileAction(name, record) ?? null;
  if (route === 'packet') row['network_transport'] = packetName.exec(name)?.groups?.['protocol'] ?? null;
}

const packetName = /_(?<protocol>tcp|udp|icmp)/;

/** Tracee writes empty text for what it does not know. */
const emptyColumns = ['container_id', 'container_name', 'container_image_name', 'process_executable', 'file_path'];

function commandLine(args: EventRow[string] | undefined): string | null {
  return Array.isArray(args) && args.length > 0 ? args.join(' ') : null;
}
