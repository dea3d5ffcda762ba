import { formatIso, type Micros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';
import { mapRecord } from '../../windows/map.ts';
import { RecordBuilder, type FieldValue, type Scalar } from '../../windows/record.ts';

/** What artifacts call elements and attributes of `System`; every other column keeps its name. */
const systemNames: Readonly<Record<string, string>> = {
  Provider: 'Provider_Name',
  EventTime: 'TimeCreated_SystemTime',
  UserSID: 'Security_UserID',
};

/**
 * A row about an entry of a Windows event log, as `Windows.EventLogs.Evtx` and its kin give it (columns of `System` beside `EventData`),
 * or as `parse_evtx()` does (`System` whole). Undefined for any other row.
 */
export function windowsEventOf(row: JsonObject, time: Micros): VakthundEvent | undefined {
  const { System: system, EventData: data, UserData: userData } = row;
  const builder = new RecordBuilder();
  if (isObject(system) && system['EventID'] !== undefined) addSystem(builder, system, time);
  else if (row['EventID'] === undefined || row['Channel'] === undefined) return undefined;
  else if (!isObject(data) && !isObject(userData)) return undefined;
  for (const [key, value] of Object.entries(row)) {
    if (key === 'System' && isObject(value)) continue;
    if (key === 'EventData' || key === 'UserData') addData(builder, key, value);
    else add(builder, 'System', Object.hasOwn(systemNames, key) ? (systemNames[key] ?? key) : key, value);
  }
  return mapRecord(builder.finish(), time);
}

/** `{"Provider": {"Name": …}, "EventID": {"Value": 4624}, "TimeCreated": {"SystemTime": seconds}, …}` */
function addSystem(builder: RecordBuilder, system: JsonObject, time: Micros): void {
  for (const [key, value] of Object.entries(system)) {
    if (!isObject(value)) add(builder, 'System', key, value);
    else {
      for (const [name, inner] of Object.entries(value)) {
        const isTime = key === 'TimeCreated' && name === 'SystemTime';
        const isPlain = key === 'EventID' && name === 'Value';
        add(builder, 'System', isPlain ? key : `${key}_${name}`, isTime ? formatIso(time) : inner);
      }
    }
  }
}

function addData(builder: RecordBuilder, container: 'EventData' | 'UserData', data: unknown): void {
  if (!isObject(data)) add(builder, container, container, data);
  else for (const [name, value] of Object.entries(data)) add(builder, container, name, value);
}

function add(
  builder: RecordBuilder,
  container: 'System' | 'EventData' | 'UserData',
  name: string,
  value: unknown,
): void {
  const field = fieldOf(value);
  if (field !== undefined) builder.add(container, name.toWellFormed(), field);
}

/** Null is no field; an object is its JSON text. */
function fieldOf(value: unknown): FieldValue | undefined {
  if (value === null || value === undefined) return undefined;
  return Array.isArray(value) ? value.map(scalarOf) : scalarOf(value);
}

function scalarOf(value: unknown): Scalar {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
}
