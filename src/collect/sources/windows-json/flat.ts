import { RecordBuilder, type WindowsRecord } from '../../windows/record.ts';
import { addSystem, guidOf, type JsonObject } from './fields.ts';

/** Names that NXLog (`im_msvistalog`) and others give to elements and attributes of `System`. */
const systemNames: ReadonlyMap<string, string> = new Map([
  ['SourceName', 'Provider_Name'],
  ['ProviderGuid', 'Provider_Guid'],
  ['Hostname', 'Computer'],
  ['RecordNumber', 'EventRecordID'],
  ['ExecutionProcessID', 'Execution_ProcessID'],
  ['ExecutionThreadID', 'Execution_ThreadID'],
  ['ThreadID', 'Execution_ThreadID'],
  ['ActivityID', 'Correlation_ActivityID'],
  ['TimeCreated', 'TimeCreated_SystemTime'],
]);

/** An object that has all fields of an event side by side. */
export function flattenFlat(document: JsonObject): WindowsRecord {
  const builder = new RecordBuilder();
  for (const [key, value] of Object.entries(document)) {
    const name = systemNames.get(key);
    // A document that has the field under its own name keeps both.
    const isFree = name !== undefined && !Object.hasOwn(document, name);
    addSystem(builder, isFree ? name : key, name === 'Provider_Guid' ? guidOf(value) : value);
  }
  return builder.finish();
}
