import { parseIsoMicros, type Micros } from '../../base/time.ts';
import type { VakthundEvent } from '../../events/event.ts';
import { keepMembers } from '../../events/members.ts';
import { datasetOf } from './dataset.ts';
import { EventReader } from './event-reader.ts';
import { logEvent } from './log-event.ts';
import type { Provider } from './provider.ts';
import { providers } from './providers.ts';
import type { WindowsRecord } from './record.ts';

const byName: ReadonlyMap<string, Provider> = new Map(
  providers.flatMap((provider) => provider.names.map((name) => [name, provider] as const)),
);

/** The event of a record. `written` is when it was written, for a record that does not say when it happened. */
export function mapRecord(record: WindowsRecord, written: Micros): VakthundEvent {
  const reader = new EventReader(record);
  const provider = byName.get(reader.text('Provider_Name') ?? '');
  const id = reader.integer('EventID');
  const mapEvent = provider === undefined || id === null ? undefined : provider.events[id];
  const event = mapEvent?.(reader) ?? logEvent(reader);
  event.time = parseIsoMicros(reader.text('TimeCreated_SystemTime') ?? '') ?? written;
  event.event_dataset = datasetOf(provider, reader.text('Channel'));
  event.host_name = reader.text('Computer');
  event.fields = JSON.stringify(record);
  keepMembers(event, record);
  return event;
}
