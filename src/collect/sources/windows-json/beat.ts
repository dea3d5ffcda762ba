import { RecordBuilder, type Container, type WindowsRecord } from '../../windows/record.ts';
import { addSystem, fieldOf, guidOf, isObject, type JsonObject } from './fields.ts';

/** Paths of Winlogbeat 7 and later, and what they are in the event. The texts that it looks up are the collector's rendering. */
const paths: readonly (readonly [path: string, name: string])[] = [
  ['provider_name', 'Provider_Name'],
  ['provider_guid', 'Provider_Guid'],
  ['event_id', 'EventID'],
  ['version', 'Version'],
  ['record_id', 'EventRecordID'],
  ['channel', 'Channel'],
  ['computer_name', 'Computer'],
  ['activity_id', 'Correlation_ActivityID'],
  ['process.pid', 'Execution_ProcessID'],
  ['process.thread.id', 'Execution_ThreadID'],
  ['user.identifier', 'Security_UserID'],
  ['task', 'RenderingInfo_Task'],
  ['opcode', 'RenderingInfo_Opcode'],
  ['keywords', 'RenderingInfo_Keyword'],
];
const takenKeys: ReadonlySet<string> = new Set([
  ...paths.map(([path]) => path.split('.')[0] ?? ''),
  'event_data',
  'user_data',
]);

/** What Winlogbeat before 7 calls the members of `winlog`, which stand in the document itself. */
const olderNames: Readonly<Record<string, string>> = {
  source_name: 'provider_name',
  provider_guid: 'provider_guid',
  event_id: 'event_id',
  version: 'version',
  record_number: 'record_id',
  log_name: 'channel',
  computer_name: 'computer_name',
  activity_id: 'activity_id',
  task: 'task',
  opcode: 'opcode',
  keywords: 'keywords',
  event_data: 'event_data',
  user_data: 'user_data',
};

/** Whether a document has the form of Winlogbeat before 7. */
export function isOlderBeat(has: (key: string) => boolean): boolean {
  return has('event_id') && has('log_name') && has('source_name');
}

/** A document of Winlogbeat before 7. */
export function flattenOlderBeat(document: JsonObject): WindowsRecord {
  const entries = Object.entries(document);
  const { process_id: pid, thread_id: thread } = document;
  const own = entries.flatMap(([key, value]) => {
    const name = Object.hasOwn(olderNames, key) ? olderNames[key] : undefined;
    return name === undefined ? [] : [[name, value] as const];
  });
  const winlog = { ...Object.fromEntries(own), process: { pid, thread: { id: thread } } };
  const taken = new Set([...Object.keys(olderNames), 'process_id', 'thread_id']);
  return flattenBeat(Object.fromEntries(entries.filter(([key]) => !taken.has(key))), winlog);
}

/** A document of Winlogbeat: `winlog` has the event, and what stands beside it is of the agent, or said twice. */
export function flattenBeat(document: JsonObject, winlog: JsonObject): WindowsRecord {
  const builder = new RecordBuilder();
  for (const [path, name] of paths) {
    const value = valueAt(winlog, path);
    addSystem(builder, name, name === 'Provider_Guid' ? guidOf(value) : value);
  }
  addSystem(builder, 'TimeCreated_SystemTime', document['@timestamp']);
  addSystem(builder, 'Message', document['message']);
  addData(builder, 'EventData', winlog['event_data']);
  addData(builder, 'UserData', winlog['user_data']);
  for (const [key, value] of Object.entries(winlog)) {
    if (!takenKeys.has(key)) addSystem(builder, `winlog_${key}`, value);
  }
  for (const [key, value] of Object.entries(document)) {
    if (key !== 'winlog' && key !== 'message' && key !== '@timestamp') addSystem(builder, key, value);
  }
  return builder.finish();
}

function addData(builder: RecordBuilder, container: Container, data: unknown): void {
  if (!isObject(data)) return;
  for (const [name, value] of Object.entries(data)) {
    const field = fieldOf(value);
    if (field !== undefined) builder.add(container, name.toWellFormed(), field);
  }
}

function valueAt(object: JsonObject, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  return value;
}
