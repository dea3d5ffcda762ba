import { quote } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import { mapRecord } from '../../windows/map.ts';
import type { WindowsRecord } from '../../windows/record.ts';
import { readEventXml } from '../../windows/xml.ts';
import { isObject } from './fields.ts';
import { flattenBeat, flattenOlderBeat, isOlderBeat } from './beat.ts';
import { flattenDump } from './dump.ts';
import { flattenFlat } from './flat.ts';

export const windowsDecoder: JsonDecoder = {
  record(value, line, problems) {
    const source = value['_source'];
    const document = isObject(source) ? source : value;
    const record = recordOf(document);
    if (record['EventID'] === undefined) {
      const message = `a record is no Windows event (it has no event id): ${quote(JSON.stringify(value))}`;
      problems.add({ code: 'bad-record', at: { line }, message });
      return undefined;
    }
    const written = timeOf(record);
    if (written === undefined) {
      const message = `an event has no time: ${quote(JSON.stringify(value))}`;
      problems.add({ code: 'bad-record', at: { line }, message });
    }
    return mapRecord(record, written ?? 0);
  },
};

function recordOf(document: Readonly<Record<string, unknown>>): WindowsRecord {
  const { Event: event, winlog, SyslogMessage: syslog } = document;
  if (isObject(event)) return flattenDump(event);
  if (typeof syslog === 'string') return readEventXml(syslog) ?? flattenFlat(document);
  if (isObject(winlog)) return flattenBeat(document, winlog);
  return isOlderBeat((key) => document[key] !== undefined) ? flattenOlderBeat(document) : flattenFlat(document);
}

/** Names of the time, the surest first: `EventTime` of NXLog is local time. */
const timeNames = ['TimeCreated_SystemTime', '@timestamp', 'EventTime'];

function timeOf(record: WindowsRecord): number | undefined {
  for (const name of timeNames) {
    const value = record[name];
    const micros = typeof value === 'string' ? parseIsoMicros(value) : undefined;
    if (micros !== undefined) return micros;
  }
  return undefined;
}
