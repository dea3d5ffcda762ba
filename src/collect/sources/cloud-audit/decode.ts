import { quote, type ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedEvent, type Shape } from '../../shaped-records.ts';
import { cloudOf, type Cloud } from './clouds.ts';
import { logMappings, sessionMappings } from './mappings.ts';

const perCloud = (mappings: typeof logMappings) =>
  Object.fromEntries(
    Object.entries(mappings).map(([cloud, mapping]) => [cloud, compileMapping(mapping, { nested: true })]),
  ) as Readonly<Record<Cloud, ReturnType<typeof compileMapping>>>;
const toLog = perCloud(logMappings);
const toSession = perCloud(sessionMappings);

export const decoder: JsonDecoder = {
  record(value, line, problems) {
    const list = value['Records'] ?? value['records'];
    if (Array.isArray(list)) return list.flatMap((record) => eventOf(record, line, problems) ?? []);
    return eventOf(value, line, problems);
  },
};

function eventOf(record: unknown, line: number, problems: ProblemList): VakthundEvent | undefined {
  const shape = isObject(record) ? shapeOf(record) : undefined;
  if (shape !== undefined) return shapedEvent(shape, line, problems);
  const message = `a record is of no known cloud: ${quote(JSON.stringify(record))}`;
  problems.add({ code: 'bad-record', at: { line }, message });
  return undefined;
}

function shapeOf(record: JsonObject): Shape | undefined {
  const cloud = cloudOf((key) => record[key] !== undefined);
  if (cloud === undefined) return undefined;
  const isSession = sessionOf(cloud, record);
  const convert = (isSession ? toSession : toLog)[cloud];
  return { convert, record: withoutNames(cloud, record), finish: (row) => finish(row, cloud, record, isSession) };
}

/** Log-ins to the consoles; calls to get a token are not among them. */
function sessionOf(cloud: Cloud, record: JsonObject): boolean {
  if (cloud === 'aws') return record['eventName'] === 'ConsoleLogin';
  return cloud === 'entra' || (cloud === 'azure' && record['operationName'] === 'Sign-in activity');
}

/** AWS writes the name of a service in place of an address: it stays in `fields` under a name of ours. Azure adds a port to some. */
function withoutNames(cloud: Cloud, record: JsonObject): JsonObject {
  const { sourceIPAddress: source, callerIpAddress: caller } = record;
  if (cloud === 'aws' && typeof source === 'string' && !/^[\da-fA-F.:]{3,45}$/.test(source)) {
    const { sourceIPAddress: _name, ...rest } = record;
    return { ...rest, sourceService: source };
  }
  if (cloud === 'azure' && typeof caller === 'string') {
    return { ...record, callerIpAddress: caller.replace(/^((?:\d{1,3}\.){3}\d{1,3}):\d{1,5}$/, '$1') };
  }
  return record;
}

function finish(row: EventRow, cloud: Cloud, record: JsonObject, isSession: boolean): void {
  const failure = errorOf(cloud, record);
  if (isSession) {
    row['event_action'] = 'login';
    row['event_outcome'] = failure === undefined ? 'success' : 'failure';
    return;
  }
  if (failure !== undefined) {
    row['log_level'] = 'error';
    row['message'] = `${String(row['log_name'] ?? '')}: ${failure}`;
  }
}

/** What went wrong with a call, in the cloud's own word; undefined for one that was done. */
function errorOf(cloud: Cloud, record: JsonObject): string | undefined {
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  if (cloud === 'aws') {
    const response = record['responseElements'];
    const isRefused = isObject(response) && response['ConsoleLogin'] === 'Failure';
    return text(record['errorCode']) ?? (isRefused ? 'Failure' : undefined);
  }
  const payload = record['protoPayload'];
  const status = cloud === 'gcp' && isObject(payload) ? payload['status'] : record['status'];
  if (cloud === 'gcp') {
    const code = isObject(status) ? status['code'] : undefined;
    return typeof code === 'number' && code !== 0
      ? (text((status as JsonObject)['message']) ?? `status ${code}`)
      : undefined;
  }
  if (cloud === 'entra') {
    const code = isObject(status) ? status['errorCode'] : undefined;
    return typeof code === 'number' && code !== 0 ? `error ${code}` : undefined;
  }
  const result = text(record['resultType']);
  const isGood = result === undefined || /^(?:0|success|succeeded|start|started|accept|accepted)$/i.test(result);
  return isGood ? undefined : result;
}
