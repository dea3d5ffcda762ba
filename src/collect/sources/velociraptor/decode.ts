import { quote, type ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import { placeOf } from './place.ts';
import { eventsOfRow } from './rows.ts';
import { timeOfRow, timeOfSystem } from './row-time.ts';

/** Decoder of the rows of one file, whose path tells the artifact, and for some collections the host and time. */
export function collectionDecoder(path: string): JsonDecoder {
  const place = placeOf(path);
  let hasTold = false;
  const tellNoTime = (line: number, row: JsonObject, problems: ProblemList): void => {
    if (hasTold) return;
    hasTold = true;
    const message = `rows have no time of their own, and the name of the collection tells none: ${quote(JSON.stringify(row))}`;
    problems.add({ code: 'partly-seen', at: { line }, message });
  };
  return {
    record(row, line, problems): VakthundEvent[] {
      const source = row['_Source'];
      const artifact = typeof source === 'string' ? source : (place.artifact ?? 'unknown');
      if (Object.keys(row).length === 0) return [];
      const told = timeOfRow(row) ?? timeOfSystem(row['System']);
      const time = told?.time ?? place.time;
      if (time === undefined) tellNoTime(line, row, problems);
      return eventsOfRow(row, { artifact, host: place.host ?? null, time: time ?? 0, timeKey: told?.key });
    },
  };
}
