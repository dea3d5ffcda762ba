import { quote } from '../../../base/problem.ts';
import { genericEvent } from '../../generic-record.ts';
import type { JsonDecoder } from '../../json-lines.ts';

export function genericDecoder(): JsonDecoder {
  return {
    record(value, line, problems) {
      const { event, hasTime } = genericEvent(value, 'jsonl');
      if (!hasTime) {
        const message = `a record has no time that is known: ${quote(JSON.stringify(value))}`;
        problems.add({ code: 'bad-record', at: { line }, message });
      }
      return event;
    },
  };
}
