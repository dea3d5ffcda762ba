import type { Micros } from '../../../base/time.ts';
import { eventOfMessage } from '../../linux/messages/interpret.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { YearlessClock } from '../../yearless-clock.ts';
import { readLine } from './line.ts';

export function dnsLogDecoder(name: string, modified: Micros | undefined, state: string | undefined): LineDecoder {
  const clock = new YearlessClock(name, modified, state);
  return {
    state: () => clock.state,
    line(text) {
      const parts = readLine(text);
      if (parts === undefined) return 'a line is none of a name server';
      const { time, program, pid, level } = parts;
      return eventOfMessage({
        time: typeof time === 'number' ? time : clock.time(time.month, time.day, time.clock),
        dataset: 'dns-query-log',
        host: null,
        program,
        pid,
        level,
        text: parts.text,
        more: {},
      });
    },
  };
}
