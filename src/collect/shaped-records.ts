import { quote, type ProblemList } from '../base/problem.ts';
import type { EventRow, VakthundEvent } from '../events/event.ts';
import type { JsonDecoder } from './json-lines.ts';
import type { JsonObject } from './json-value.ts';
import type { OnBadValue } from './mapping/compile.ts';

/** What a record is taken for. */
export interface Shape {
  /** A compiled mapping. */
  readonly convert: (record: JsonObject, onBad: OnBadValue) => EventRow;
  /** The record in the form that the mapping reads. */
  readonly record: JsonObject;
  /** Puts columns right that no mapping can say: the last part of a path, marks for none. */
  readonly finish?: (row: EventRow) => void;
}

/**
 * Decoder of a format whose records become events by mappings. `shapeOf` says by which, and gives undefined for what is
 * no record of the format; `what` names one in problems: `an event of Tetragon`.
 */
export function shapedDecoder(what: string, shapeOf: (record: JsonObject) => Shape | undefined): JsonDecoder {
  return {
    record(value, line, problems) {
      const shape = shapeOf(value);
      if (shape === undefined) {
        const message = `a record is not ${what}: ${quote(JSON.stringify(value))}`;
        problems.add({ code: 'bad-record', at: { line }, message });
        return undefined;
      }
      return shapedEvent(shape, line, problems);
    },
  };
}

/** The event of a shape. Values that do not fit and a time that is missing are told. */
export function shapedEvent(shape: Shape, line: number, problems: ProblemList): VakthundEvent {
  let hasBadValue = false;
  const row = shape.convert(shape.record, (path, value) => {
    hasBadValue = true;
    tellBadValue(path, value, line, problems);
  });
  shape.finish?.(row);
  if (row['time'] === 0 && !hasBadValue) {
    const message = `a record has no time: ${quote(JSON.stringify(shape.record))}`;
    problems.add({ code: 'bad-record', at: { line }, message });
  }
  return row as unknown as VakthundEvent;
}

function tellBadValue(path: string, value: unknown, line: number, problems: ProblemList): void {
  const message = `the value of ${path} does not fit its column: ${quote(JSON.stringify(value))}`;
  problems.add({ code: 'bad-value', at: { line }, message });
}
