import type { EventRow } from '../../../events/event.ts';
import type { Mapping } from '../../../events/mapping.ts';
import type { JsonObject } from '../../json-value.ts';
import { finishActor } from '../../linux/program-names.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Shape } from '../../shaped-records.ts';
import { alertMapping, logMapping, mappings } from './mappings.ts';

const compile = (mapping: Mapping) => compileMapping(mapping, { nested: true });
const byName = new Map(Object.entries(mappings).map(([name, mapping]) => [name, compile(mapping)]));
const toLog = compile(logMapping);
const toAlert = compile(alertMapping);

/** How an event is read; undefined for a record that is none. */
export function shapeOf(record: JsonObject): Shape | undefined {
  const { info, data } = record;
  const event = isObject(info) ? info['event'] : undefined;
  if (!isObject(info) || !isObject(event)) return undefined;
  const name = typeof event['name'] === 'string' ? event['name'] : '';
  const hasDetection = isObject(record['detection']);
  const convert = hasDetection ? toAlert : (byName.get(name) ?? toLog);
  return {
    convert,
    record: { ...record, ...(isObject(data) ? { data: reshapeData(name, data) } : {}), info: reshapeInfo(info) },
    finish,
  };
}

/** The executable as an object in all versions, and addresses that a DNS answer gave as a list. */
function reshapeData(name: string, data: JsonObject): JsonObject {
  const exe = typeof data['exe'] === 'string' ? { exe: { path: data['exe'] } } : {};
  const response = data['response'];
  const answers =
    name === 'dns_query' && typeof response === 'string' && response !== ''
      ? { response: response.split(';').slice(0, maxAnswers) }
      : {};
  return { ...data, ...exe, ...answers };
}

/** More than a DNS message of 64 KiB holds. */
const maxAnswers = 8192;

/** A container is an object in newer versions, and a name in older ones. */
function reshapeInfo(info: JsonObject): JsonObject {
  const { host } = info;
  const container = isObject(host) ? host['container'] : undefined;
  return isObject(host) && typeof container === 'string'
    ? { ...info, host: { ...host, container: { name: container } } }
    : info;
}

function finish(row: EventRow): void {
  finishActor(row);
  // Tasks have the name of the thread; `?` stands for what was not known.
  for (const column of ['url_domain', 'destination_ip', 'source_ip']) if (row[column] === '?') row[column] = null;
}
