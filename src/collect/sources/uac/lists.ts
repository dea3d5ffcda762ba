import { canonicalIp } from '../../../base/ip.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { wordTime, type LineReader } from './record.ts';

/** Readers of other outputs, by name; each gives what it can tell of a line that fits. */
export const listReaders: readonly (readonly [RegExp, LineReader])[] = [
  [/^who_-T$/, readWho],
  [/^lastb?_-a_-F$/, readLast],
  [/^lsmod$/, readModule],
  [/^dpkg_-l$/, readDpkg],
  [/^rpm_-q_-a_--queryformat_installtime_name_version_release$/, readRpm],
  [/^lsof_-nPl$/, readOpenFile],
  [/^running_processes_full_paths$/, readProgram],
];

const whoLine =
  /^(?<user>\S{1,64})\s+(?:[-+?]\s+)?(?<tty>\S{1,32})\s+(?<day>\d{4}-\d\d-\d\d) (?<clock>\d\d:\d\d)(?:\s+\((?<from>[^)]{1,255})\))?/;

/** Who was logged in: `anna + pts/9 2026-03-01 09:41 (203.0.113.9)`. */
function readWho(text: string): ReturnType<LineReader> {
  const found = whoLine.exec(text)?.groups;
  const time = found === undefined ? undefined : parseIsoMicros(`${found['day']}T${found['clock']}:00Z`);
  if (found === undefined || time === undefined) return undefined;
  const { user = '', tty = '', from } = found;
  const ip = from === undefined ? undefined : canonicalIp(from);
  const columns = {
    event_action: 'login',
    event_outcome: 'success',
    target_user_name: user,
    process_tty: tty,
    source_ip: ip ?? null,
    source_host: ip === undefined ? (from ?? null) : null,
  };
  return [{ kind: 'user_session', time, columns }];
}

const lastLine =
  /^(?<user>\S{1,64})\s+(?<tty>\S{1,32}(?: boot)?)\s+[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d) (?<year>\d{4}) /;

/** What `last` tells also stands in wtmp, which is copied and read for itself: here it is a list. */
function readLast(text: string): ReturnType<LineReader> {
  const found = lastLine.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { user = '', tty = '', month = '', day = '', clock = '', year = '' } = found;
  // Where the user came from stands last, behind how long it took.
  const from = text.slice(text.lastIndexOf(' ', text.trimEnd().length - 1) + 1).trim();
  const time = wordTime(month, day, clock, year);
  return [{ time, columns: { user_name: user, process_tty: tty, source_ip: canonicalIp(from) ?? null } }];
}

function readModule(text: string): ReturnType<LineReader> {
  const found = /^(?<module>\w{1,64})\s+(?<size>\d{1,12})\s+(?<uses>-?\d{1,6})(?:\s+(?<used>\S+))?\s*$/.exec(
    text,
  )?.groups;
  if (found === undefined) return /^Module\s+Size/.test(text) ? [] : undefined;
  const { module = '', size, uses, used } = found;
  const by = used === undefined ? {} : { used_by: used };
  return [{ fields: { module, size: Number(size), uses: Number(uses), ...by } }];
}

function readDpkg(text: string): ReturnType<LineReader> {
  const found =
    /^(?<state>[a-zA-Z]{2,3})\s+(?<name>\S{1,200})\s+(?<version>\S{1,200})\s+(?<architecture>\S{1,30})(?:\s|$)/.exec(
      text,
    )?.groups;
  if (found === undefined) return /^(?:Desired=|\| |\|\/|\|\||\+\+)/.test(text) ? [] : undefined;
  const { state = '', name = '', version = '', architecture = '' } = found;
  return [{ fields: { name, version, architecture, state } }];
}

/** `1700000000~bash~5.2.26-3`: when it was installed, and what. */
function readRpm(text: string): ReturnType<LineReader> {
  const found = /^(?<time>\d{1,10})~(?<name>[^~]{1,200})~(?<version>\S{1,200})\s*$/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { time, name = '', version = '' } = found;
  return [{ time: Number(time) * 1_000_000, fields: { name, version } }];
}

function readOpenFile(text: string): ReturnType<LineReader> {
  const found = /^(?<command>\S{1,64})\s+(?<pid>\d{1,10})\s+(?<rest>\S.*)$/.exec(text)?.groups;
  if (found === undefined) return /^COMMAND\s+PID/.test(text) ? [] : undefined;
  return [{ columns: { process_name: found['command'] ?? '', process_pid: Number(found['pid']) } }];
}

const goneMark = ' (deleted)';

/** `… /proc/712/exe -> /usr/sbin/sshd`, with ` (deleted)` where the program is gone. */
function readProgram(text: string): ReturnType<LineReader> {
  const [place = '', path] = text.trimEnd().split(' -> ', 2);
  const pid = /\/proc\/(?<pid>\d{1,10})\/(?:exe|file)$/.exec(place)?.groups?.['pid'];
  if (pid === undefined || path === undefined) return undefined;
  const isGone = path.endsWith(goneMark);
  const executable = isGone ? path.slice(0, -goneMark.length) : path;
  const columns = { process_pid: Number(pid), process_executable: executable };
  return [isGone ? { columns, fields: { deleted: 'true' } } : { columns }];
}
