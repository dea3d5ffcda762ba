import type { EventOf } from '../../../events/event.ts';
import type { AnalyzerContext } from './analyzer.ts';

/** A `log` event for a protocol without a kind of its own: named as Zeek's log of it, with Zeek's field names in `fields`. */
export function logRecord(context: AnalyzerContext, name: string, fields: object): EventOf<'log'> {
  const event = context.newEvent('log');
  event.log_name = name;
  event.event_dataset = `pcap.${name}`;
  event.fields = JSON.stringify(fields);
  return event;
}
