import { newEvent, type EventOf } from '../../events/event.ts';
import type { EventReader } from './event-reader.ts';

/** Levels of `System/Level` (winmeta.xml). */
const levels: ReadonlyMap<string, string> = new Map([
  ['0', 'information'],
  ['1', 'critical'],
  ['2', 'error'],
  ['3', 'warning'],
  ['4', 'information'],
  ['5', 'verbose'],
]);

/** A log record, for what is no event of another kind. `message` stands for the text where the collector did not render it. */
export function logEvent(reader: EventReader, message: string | null = null): EventOf<'log'> {
  const event = newEvent('log');
  const level = reader.text('Level');
  event.log_name = reader.text('Channel');
  event.log_level = level === null ? null : (levels.get(level) ?? level.toLowerCase());
  event.message = reader.text('Message') ?? message;
  return event;
}
