import type { Micros } from '../../../base/time.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { finishActor } from '../program-names.ts';
import { eventOfMessage } from '../messages/interpret.ts';

/** Fields of an entry of the journal by name; a field that stands several times has all of its values. */
export type JournalFields = ReadonlyMap<string, string | readonly string[]>;

const levels = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
/** Fields that become columns or the message, and so are not kept beside them. */
const taken: ReadonlySet<string> = new Set([
  '__REALTIME_TIMESTAMP',
  '_HOSTNAME',
  'MESSAGE',
  'PRIORITY',
  '_PID',
  '_EXE',
  '_CMDLINE',
  '_UID',
  '_AUDIT_LOGINUID',
  '_AUDIT_SESSION',
  'CONTAINER_ID_FULL',
  'CONTAINER_NAME',
]);

/** The event of an entry: what its message says, by the trusted fields of whoever wrote it. */
export function eventOfEntry(fields: JournalFields, time: Micros): VakthundEvent {
  const one = (name: string): string | null => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : (value?.[0] ?? null);
  };
  const identifier = one('SYSLOG_IDENTIFIER') ?? one('_COMM');
  const event = eventOfMessage({
    time,
    dataset: 'journald',
    host: one('_HOSTNAME'),
    program: identifier,
    pid: wholeNumber(one('_PID') ?? one('SYSLOG_PID')),
    level: levels[Number(one('PRIORITY') ?? Number.NaN)] ?? null,
    text: one('MESSAGE') ?? '',
    more: keptFields(fields),
  });
  const row = event as unknown as EventRow;
  const set = (column: string, value: string | number | null): void => {
    row[column] ??= value;
  };
  // A command that cron starts is not the program that writes of it.
  if (event.kind !== 'process') {
    set('process_executable', one('_EXE'));
    set('process_command_line', one('_CMDLINE'));
    set('user_id', wholeNumber(one('_UID')));
  }
  set('login_id', wholeNumber(one('_AUDIT_LOGINUID')));
  set('session_id', one('_AUDIT_SESSION'));
  set('container_id', one('CONTAINER_ID_FULL'));
  set('container_name', one('CONTAINER_NAME'));
  finishActor(row);
  return event;
}

function keptFields(fields: JournalFields): Record<string, unknown> {
  const kept = [...fields].filter(
    ([name, value]) => !taken.has(name) || (typeof value !== 'string' && value.length > 1),
  );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Adds a value to the fields; one that is there already makes a list. */
export function addField(fields: Map<string, string | string[]>, name: string, value: string): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (typeof before === 'string') fields.set(name, [before, value]);
  else before.push(value);
}
