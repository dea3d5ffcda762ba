import type { VakthundEvent } from '../../../events/event.ts';
import { groupsIn, spoken, type SystemMessage } from './message.ts';

const sudoUser = /^ {0,20}(?<user>\S{1,64}) : (?<rest>.*)$/s;
const suDone = /^(?:(?<good>Successful)|FAILED) su for (?<user>\S{1,64}) by (?<by>\S{1,64})$/;
const suTo = /^(?<bad>FAILED SU )?\(to (?<user>\S{1,64})\) (?<by>\S{1,64}) on (?<tty>\S{1,64})$/;

/** `anna : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls`, with what was wrong before the first of them. */
export function readSudo(message: SystemMessage): VakthundEvent | undefined {
  const start = sudoUser.exec(message.text)?.groups;
  const rest = start?.['rest'] ?? '';
  const at = rest.indexOf('COMMAND=');
  if (at < 0) return undefined;
  const head = rest.slice(0, at);
  const parts = head.split(' ; ');
  const value = (name: string): string | null =>
    parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const [first = ''] = parts;
  const refusal = first === '' || /^[A-Z]+=/.test(first) ? undefined : first;
  const columns = {
    event_action: 'sudo',
    event_outcome: refusal === undefined ? 'success' : 'failure',
    user_name: start?.['user'] ?? null,
    target_user_name: value('USER'),
    target_group_name: value('GROUP'),
    process_tty: value('TTY'),
    process_working_directory: value('PWD'),
    process_command_line: rest.slice(at + 'COMMAND='.length),
    service: 'sudo',
  };
  return spoken('user_session', message, columns, { reason: refusal });
}

export function readSu(message: SystemMessage): VakthundEvent | undefined {
  const su = groupsIn(message.text, suDone, suTo);
  if (su === undefined) return undefined;
  const isGood = 'tty' in su ? su['bad'] === undefined : su['good'] !== undefined;
  const columns = {
    event_action: 'su',
    event_outcome: isGood ? 'success' : 'failure',
    user_name: su['by'] ?? null,
    target_user_name: su['user'] ?? null,
    process_tty: su['tty'] ?? null,
    service: 'su',
  };
  return spoken('user_session', message, columns);
}
