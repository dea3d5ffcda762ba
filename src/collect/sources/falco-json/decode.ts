import { quote, type ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { CounterWatch } from '../../counter-watch.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { findAlert, flatten } from './flatten.ts';
import { internalPrefix, tellLosses } from './losses.ts';
import { alertMapping, internalMapping, unset } from './mapping.ts';

const toAlert = compileMapping(alertMapping, { nested: false, unset });
const toLog = compileMapping(internalMapping, { nested: false, unset });

export function falcoDecoder(): JsonDecoder {
  const watch = new CounterWatch();
  return {
    record(value, line, problems) {
      const alert = findAlert(value, line, problems);
      if (alert === undefined) {
        const message = `a record is no Falco alert (it has no rule and priority): ${quote(JSON.stringify(value))}`;
        problems.add({ code: 'bad-record', at: { line }, message });
        return undefined;
      }
      const flat = flatten(alert);
      if (flat['time'] === undefined) {
        problems.add({
          code: 'bad-record',
          at: { line },
          message: `an alert has no time: ${quote(JSON.stringify(alert))}`,
        });
      }
      const isInternal = String(flat['rule']).startsWith(internalPrefix);
      if (isInternal) tellLosses(flat, watch, line, problems);
      const convert = isInternal ? toLog : toAlert;
      return convert(flat, (path, bad) => tellBadValue(path, bad, line, problems)) as unknown as VakthundEvent;
    },
  };
}

function tellBadValue(path: string, value: unknown, line: number, problems: ProblemList): void {
  const message = `the value of ${path} does not fit its column: ${quote(JSON.stringify(value))}`;
  problems.add({ code: 'bad-value', at: { line }, message });
}
