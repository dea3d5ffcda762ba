import type { Problem } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import type { Ancestry } from '../ancestry.ts';
import type { Key } from '../records/keys.ts';
import type { JsonWriter } from './json-writer.ts';
import type { Call } from './call.ts';
import type { EventView } from './view.ts';

/** All that turning one audit event into our events needs; its results are collected in `events` and `problems`. */
export interface MapContext {
  readonly view: EventView;
  /** The system call, when the event has one. */
  readonly call: Call | undefined;
  readonly ancestry: Ancestry;
  readonly writer: JsonWriter;
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
  /** What was told before of the process and its files, as members beside those of the records. */
  remembered: readonly (readonly [Key, string])[];
}
