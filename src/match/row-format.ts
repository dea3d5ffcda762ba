import type { EventRow, KindId } from '../events/event.ts';
import type { FieldReference } from './condition/condition.ts';
import type { RecordFormat } from './record-stream.ts';

/** The side of the house that events come from: rules for one of them never meet the others. */
export type Platform = 'windows' | 'other';

/** Fields by whose values conditions are told apart, the most telling first. */
export type PlatformIndex = Readonly<Record<Platform, readonly FieldReference[]>>;

/** A format whose records are rows of events. */
export interface RowFormat extends RecordFormat<EventRow> {
  /** Columns that a field is read from in rows of a kind, be they there or not; `*` are all fields. */
  columnsOf(kind: KindId, field: FieldReference | '*'): readonly string[];
  readonly index: PlatformIndex;
}
