import type { Micros } from '../../../base/time.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { YearlessClock } from '../../yearless-clock.ts';
import type { HistoryLine } from './apt-history.ts';
import type { PackageChange } from './change.ts';
import { readLine, type WholeLine } from './line.ts';

/** What one run of apt said before, which its later lines share. */
interface AptRun {
  readonly time?: Micros;
  readonly command?: string;
  readonly user?: string;
}

/** Each package of a run carries its command: a long one must not be multiplied by thousands of packages. */
const maxCommand = 2048;

export function packageLogDecoder(name: string, modified: Micros | undefined, state: string | undefined): LineDecoder {
  const [clockState, runState] = state === undefined ? [] : (JSON.parse(state) as [string | null, AptRun]);
  const clock = new YearlessClock(name, modified, clockState ?? undefined);
  let run: AptRun = runState ?? {};
  return {
    state: () => JSON.stringify([clock.state ?? null, run]),
    line(text) {
      const line = readLine(text);
      if (line === undefined) return 'a line is none of a package manager';
      if ('writer' in line) {
        const { time } = line;
        return wholeEvent(line, typeof time === 'number' ? time : clock.time(time.month, time.day, time.clock));
      }
      if (line.field === 'start') run = { time: line.time };
      else if (line.field === 'command') run = { ...run, command: line.text.slice(0, maxCommand) };
      else if (line.field === 'user') run = { ...run, user: line.text.slice(0, 100) };
      const events = aptEvents(line, run);
      if (line.field === 'end') run = {};
      return events;
    },
  };
}

function wholeEvent(line: WholeLine, time: Micros): EventOf<'log'> {
  const event = recordOf(line.writer, time, line.text, line.change);
  event.log_level = line.level ?? null;
  event.process_command_line = line.command ?? null;
  event.user_name = line.user ?? null;
  return event;
}

/** A record for each line of a run, and for each package of a list. */
function aptEvents(line: HistoryLine, run: AptRun): EventOf<'log'>[] {
  const time = line.field === 'end' ? line.time : (run.time ?? 0);
  const record = (text: string, change?: PackageChange): EventOf<'log'> => {
    const event = recordOf('apt', time, text, change);
    event.process_command_line = run.command ?? null;
    event.user_name = run.user ?? null;
    return event;
  };
  if (line.field === 'changes') {
    const told = line.changes.map((change) =>
      record(`${change.action} ${change.name} ${change.version ?? ''}`.trim(), change),
    );
    return line.text === '' ? told : [...told, record(line.text)];
  }
  return [record(line.field === 'user' ? `requested by ${line.text}` : line.text)];
}

function recordOf(writer: string, time: Micros, text: string, change: PackageChange | undefined): EventOf<'log'> {
  const event = newEvent('log');
  event.time = time;
  event.event_dataset = `package-log.${writer}`;
  event.log_name = writer;
  event.process_name = writer;
  event.message = text;
  event.fields = change === undefined ? null : JSON.stringify(fieldsOf(change));
  return event;
}

function fieldsOf(change: PackageChange): Record<string, unknown> {
  const { action, name, version, previous, architecture, isAutomatic } = change;
  return { action, package: name, version, previous_version: previous, architecture, automatic: isAutomatic };
}
