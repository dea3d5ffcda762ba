import { monthNumber } from '../../yearless-clock.ts';
import { wordTime, type LineReader, type Understood } from './record.ts';

/** Columns of `ps` in the order in which a line has them; the last takes the rest. `_` is not looked at. */
const layouts: readonly (readonly [RegExp, string])[] = [
  [/^ps_auxwwwf?$/, 'user pid _ _ _ _ tty _ started _ command'],
  [/^ps_-(?:ef|deaf)$/, 'user pid parent _ started tty _ command'],
  [/^ps_-efl$/, '_ _ user pid parent _ _ _ _ _ _ started tty _ command'],
  [/^ps_-(?:e|ax)o_pid_user_lstart_args$/, 'pid user weekday month day clock year command'],
  [/^ps_-(?:e|ax)o_pid_user_etime_args$/, 'pid user _ command'],
  [/^ps$/, 'pid tty _ command'],
];
const head = /^\s*(?:F\s+S\s+)?(?:USER|UID|PID)\s.*(?:COMMAND|CMD)$/;
/** What `ps f` draws from parent to child. */
const branch = /^[| ]{0,400}\\_ /;

/** The reader of an output of `ps`; undefined for other outputs. */
export function processReader(name: string): LineReader | undefined {
  const columns = layouts.find(([pattern]) => pattern.test(name))?.[1].split(' ');
  if (columns === undefined) return undefined;
  return (text) => {
    if (head.test(text.trimEnd())) return [];
    const found = cut(text, columns);
    return found === undefined || !/^\d{1,10}$/.test(found.get('pid') ?? '') ? undefined : [processOf(found)];
  };
}

/** The words of a line by column; undefined for a line that has too few. */
function cut(text: string, columns: readonly string[]): Map<string, string> | undefined {
  const found = new Map<string, string>();
  let rest = text.trimStart();
  for (const column of columns.slice(0, -1)) {
    const word = wordOf(rest, column);
    if (word === '' || word.length === rest.length) return undefined;
    found.set(column, word);
    rest = rest.slice(word.length).trimStart();
  }
  return found.set(columns.at(-1) ?? '', rest.trimEnd());
}

/** The first word; the day on which a process began is two on some systems (`Feb 28`). */
function wordOf(text: string, column: string): string {
  const word = /^\S*/.exec(text)?.[0] ?? '';
  if (column !== 'started' || monthNumber(word) === undefined) return word;
  return /^\S+ {1,2}\d{1,2}(?=\s)/.exec(text)?.[0] ?? word;
}

function processOf(found: ReadonlyMap<string, string>): Understood {
  const command = (found.get('command') ?? '').replace(branch, '');
  const user = found.get('user') ?? null;
  const parent = found.get('parent') ?? '';
  const tty = found.get('tty') ?? '?';
  const time = startTime(found);
  // Only the kernel's own threads stand in brackets, and those are root's.
  const isThread = user === 'root' && /^\[.{1,64}\]$/.test(command);
  const columns = {
    process_pid: Number(found.get('pid')),
    process_parent_pid: /^\d{1,10}$/.test(parent) ? Number(parent) : null,
    ...(isThread ? { process_name: command.slice(1, -1) } : programOf(command)),
    process_tty: tty === '?' || tty === '??' || tty === '-' ? null : tty,
    user_name: user,
  };
  if (time === undefined || isThread) return { time, columns };
  return { kind: 'process', time, columns: { ...columns, event_action: 'exec' } };
}

/** The first word is what the process calls itself: `/usr/sbin/sshd -D`, `sshd: anna@pts/9`, `-bash`. */
function programOf(command: string): Readonly<Record<string, string | null>> {
  const first = /^-?(?<first>[^\s:]{1,4096})/.exec(command)?.groups?.['first'] ?? command;
  return {
    process_executable: first.startsWith('/') ? first : null,
    process_name: first.slice(first.lastIndexOf('/') + 1),
    process_command_line: command,
  };
}

/** Of `Sun Mar  1 09:41:02 2026`; some systems have the day before the month. */
function startTime(found: ReadonlyMap<string, string>): number | undefined {
  const [month = '', day = '', clock = '', year = ''] = ['month', 'day', 'clock', 'year'].map((name) =>
    found.get(name),
  );
  return /^\d/.test(month) ? wordTime(day, month, clock, year) : wordTime(month, day, clock, year);
}
