import type { VakthundEvent } from '../../events/event.ts';
import type { EventReader } from './event-reader.ts';

/**
 * Makes one of our events of a Windows event of one id, all but what every event has (time, host, dataset, fields).
 * Undefined leaves it a log record: the event tells something else than its id usually does.
 */
export type MapEvent = (reader: EventReader) => VakthundEvent | undefined;

/** What the events of a provider become, by event id. Ids that are not here are log records. */
export interface Provider {
  /** Names of the provider as `System/Provider/@Name` has them. */
  readonly names: readonly string[];
  /** Second part of `event_dataset`. */
  readonly dataset: string;
  readonly events: Readonly<Record<number, MapEvent>>;
}
