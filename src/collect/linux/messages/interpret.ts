import { newEvent, type KindId, type VakthundEvent } from '../../../events/event.ts';
import { readAccounts, readLogin, readLogind } from './accounts.ts';
import { readCron } from './cron.ts';
import { readDnsmasq, readNamed, readUnbound } from './dns-query.ts';
import { readHaproxy } from './haproxy.ts';
import type { Interpreter, SystemMessage } from './message.ts';
import { readPam } from './pam.ts';
import { readSu, readSudo } from './privileges.ts';
import { readSshd } from './sshd.ts';

/** Kinds that messages of a system log become. */
export const messageKinds = [
  'user_session',
  'process',
  'scheduled_task',
  'dns',
  'http',
  'flow',
  'log',
] as const satisfies readonly KindId[];

/** Who is understood, by the name of the program in lower case. PAM speaks in the name of any. */
const interpreters: ReadonlyMap<string, Interpreter> = new Map<string, Interpreter>([
  ['sshd', readSshd],
  ['sshd-session', readSshd],
  ['dropbear', readSshd],
  ['sudo', readSudo],
  ['su', readSu],
  ['login', readLogin],
  ['systemd-logind', readLogind],
  ['cron', readCron],
  ['crond', readCron],
  ['crontab', readCron],
  ['anacron', readCron],
  ['dnsmasq', readDnsmasq],
  ['named', readNamed],
  ['unbound', readUnbound],
  ['haproxy', readHaproxy],
  ...[
    'useradd',
    'usermod',
    'userdel',
    'groupadd',
    'groupmod',
    'groupdel',
    'gpasswd',
    'adduser',
    'chpasswd',
    'passwd',
  ].map((name): [string, Interpreter] => [name, readAccounts]),
]);

/** The event of a message: what it says where it is understood, else a log record. */
export function eventOfMessage(message: SystemMessage): VakthundEvent {
  const program = programName(message.program);
  const read = interpreters.get(program);
  return (message.text.startsWith('pam_') ? readPam(message) : undefined) ?? read?.(message) ?? logOf(message);
}

/** Without its path and in lower case: `/usr/sbin/CRON` is cron. */
function programName(program: string | null): string {
  return program === null ? '' : program.slice(program.lastIndexOf('/') + 1).toLowerCase();
}

function logOf(message: SystemMessage): VakthundEvent {
  const event = newEvent('log');
  event.time = message.time;
  event.event_dataset = message.dataset;
  event.host_name = message.host;
  event.process_pid = message.pid;
  event.process_name = message.program;
  event.log_name = message.program;
  event.log_level = message.level;
  event.message = message.text;
  event.fields = Object.keys(message.more).length === 0 ? null : JSON.stringify(message.more);
  return event;
}
