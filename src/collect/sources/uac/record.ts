import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import { newEvent, type EventRow, type KindId, type VakthundEvent } from '../../../events/event.ts';
import { finishActor } from '../../linux/program-names.ts';
import { monthNumber } from '../../yearless-clock.ts';

/** What all lines of one output share. */
export interface Output {
  readonly name: string;
  readonly host: string | null;
  /** When it was collected. */
  readonly time: Micros;
  readonly pid: number | undefined;
}

/** What was understood of a line. */
export interface Understood {
  /** A log record where it is not said: what the machine had, not what happened. */
  readonly kind?: KindId;
  /** When it happened; the time of the collection where it is not said. */
  readonly time?: Micros | undefined;
  /** Columns of the kind. */
  readonly columns?: Readonly<Record<string, string | number | null>>;
  readonly fields?: Readonly<Record<string, string | number>>;
}

/** Understands a line; an empty list for a head of columns, undefined for what is only text. */
export type LineReader = (text: string) => readonly Understood[] | undefined;

/** The event of a line. A log record keeps the line as its message. */
export function eventOf(understood: Understood, text: string, output: Output): VakthundEvent {
  const kind = understood.kind ?? 'log';
  const event = newEvent(kind) as unknown as EventRow;
  event['time'] = understood.time ?? output.time;
  event['event_dataset'] = `uac.${output.name}`;
  event['host_name'] = output.host;
  if (kind === 'log') {
    event['log_name'] = output.name;
    event['message'] = text.trim();
  }
  if (output.pid !== undefined) event['process_pid'] = output.pid;
  for (const [column, value] of Object.entries(understood.columns ?? {})) event[column] = value;
  finishActor(event);
  event['fields'] = understood.fields === undefined ? null : JSON.stringify(understood.fields);
  return event as unknown as VakthundEvent;
}

/** The time of `Mar  1 09:41:02 2026`, which has no zone: taken as UTC. */
export function wordTime(month: string, day: string, clock: string, year: string): Micros | undefined {
  const number = monthNumber(month);
  if (number === undefined) return undefined;
  return parseIsoMicros(`${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}T${clock}Z`);
}
