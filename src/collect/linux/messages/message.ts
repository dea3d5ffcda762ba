import { canonicalIp } from '../../../base/ip.ts';
import type { Micros } from '../../../base/time.ts';
import { newEvent, type EventOf, type EventRow, type VakthundEvent } from '../../../events/event.ts';

/** A line of a system log, freed of the form that it was kept in. */
export interface SystemMessage {
  readonly time: Micros;
  readonly dataset: string;
  readonly host: string | null;
  /** Name of the program that wrote it, without its id: `sshd`. */
  readonly program: string | null;
  readonly pid: number | null;
  readonly text: string;
  /** `info`, `warning`, …; null where the form does not tell. */
  readonly level: string | null;
  /** What else the form tells, for `fields`. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** What a program says, as an event; undefined for text that says nothing more than a log record does. */
export type Interpreter = (message: SystemMessage) => VakthundEvent | undefined;

type SpokenKind = 'user_session' | 'process' | 'scheduled_task';

/**
 * An event of what a message says. The message itself and what only it tells stay in `fields`. The process is the one
 * that wrote the message.
 */
export function spoken<K extends SpokenKind>(
  kind: K,
  message: SystemMessage,
  columns: Partial<EventOf<K>>,
  more: Readonly<Record<string, unknown>> = {},
): VakthundEvent {
  const event = newEvent(kind) as EventRow;
  event['time'] = message.time;
  event['event_dataset'] = message.dataset;
  event['host_name'] = message.host;
  event['process_pid'] = message.pid;
  event['process_name'] = message.program;
  Object.assign(event, columns);
  const level = message.level === null ? {} : { level: message.level };
  event['fields'] = JSON.stringify({ ...message.more, ...level, ...more, message: message.text });
  return event as unknown as VakthundEvent;
}

/** Columns of where a user came from: an address, or a name. */
export function cameFrom(text: string | undefined): { source_ip: string | null; source_host: string | null } {
  const address = text === undefined ? undefined : canonicalIp(text);
  const isName = text !== undefined && text !== '' && text !== '?' && address === undefined;
  return { source_ip: address ?? null, source_host: isName ? text : null };
}

/** Groups of the first pattern that the text fits. */
export function groupsIn(text: string, ...patterns: readonly RegExp[]): Record<string, string | undefined> | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return groups;
  }
  return undefined;
}
