import type { ScapRecord } from '../record.ts';
import type { SystemState } from './system.ts';
import type { Thread } from './thread.ts';

/** What handlers of events may ask of the engine that calls them. */
export interface Engine {
  readonly system: SystemState;
  /** The enter event that belongs to this exit; undefined when it was not seen or is not kept. Valid until the next call. */
  enterOf(record: ScapRecord): ScapRecord | undefined;
  /** Directory that a name given with a directory descriptor starts at; `<UNKNOWN>` when the descriptor was never seen. */
  directoryAt(thread: Thread, fd: number): string;
}

/** What an event does to the state. The event's thread is known, except for events of the machine as a whole. */
export type Handler = (record: ScapRecord, engine: Engine) => void;
