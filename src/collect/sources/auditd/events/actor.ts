import type { actorColumns, commonColumns, RowOf } from '../../../../events/kind.ts';
import type { KnownProcess } from '../ancestry.ts';
import { inheritedContainer } from '../containers.ts';
import type { Fields } from '../records/fields.ts';
import { key, type Key } from '../records/keys.ts';
import { id, integer, text, textAt } from '../records/values.ts';
import type { MapContext } from './context.ts';
import type { EventView } from './view.ts';

const pidKey = key('pid');
const ppidKey = key('ppid');
const commKey = key('comm');
const exeKey = key('exe');
const ttyKey = key('tty');
const terminalKey = key('terminal');
const euidKey = key('euid');
const uidKey = key('uid');
const auidKey = key('auid');
const sesKey = key('ses');
const euidName = key('EUID');
const uidName = key('UID');
const auidName = key('AUID');
const containerKey = key('contid');
const proctitleKey = key('proctitle');
const cwdKey = key('cwd');

/** Columns that events about a process share. */
export type ActorRow = RowOf<typeof commonColumns> & RowOf<typeof actorColumns>;

/** Who did it, as far as the event and what was seen before tell. */
export interface Actor {
  readonly pid: number | null;
  readonly parentPid: number | null;
  readonly name: string | null;
  readonly executable: string | null;
  readonly commandLine: string | null;
  /** It is what the program was started with, not only its title. */
  readonly isWhole: boolean;
  readonly workingDirectory: string | null;
  readonly terminal: string | null;
  readonly user: number | null;
  readonly userName: string | null;
  readonly login: number | null;
  readonly loginName: string | null;
  readonly session: string | null;
  readonly container: string | null;
  readonly parent: KnownProcess | undefined;
  /** What was known of the process before this event. */
  readonly before: KnownProcess | undefined;
  /** The process title as logged, when it is not the beginning of `commandLine`. */
  readonly otherTitle: string | null;
}

/** Reads the actor from the SYSCALL record, or else from the fields of the record itself. */
export function readActor(context: MapContext, main: Fields): Actor {
  const { view, ancestry, call } = context;
  const fields = call?.fields ?? main;
  const pid = integer(fields, pidKey);
  const executable = text(fields, exeKey);
  const before = pid === null ? undefined : ancestry.get(pid);
  // A process id may have been used again since: what is remembered counts while the executable is the same.
  const same = before?.executable === executable ? before : undefined;
  const parentPid = parentOf(fields, call === undefined ? same : undefined);
  const title = titleOf(view);
  const user = userOf(fields);
  const whole = view.args?.join(' ') ?? wholeCommandLine(same);
  const commandLine = whole ?? title;
  const parent = parentPid === null ? undefined : ancestry.get(parentPid);
  return {
    pid,
    parentPid,
    name: text(fields, commKey) ?? same?.name ?? null,
    executable,
    commandLine,
    isWhole: whole !== null,
    workingDirectory: view.cwd ?? text(main, cwdKey),
    terminal: text(fields, ttyKey) ?? text(fields, terminalKey),
    user: user.user,
    userName: user.userName,
    login: user.login,
    loginName: user.loginName,
    session: sessionOf(fields),
    container:
      view.container === undefined
        ? inheritedContainer({ executable, parentPid, parent, before })
        : text(view.container, containerKey),
    parent,
    before,
    otherTitle: title === null || isStartOf(title, commandLine) ? null : title,
  };
}

function isStartOf(title: string, commandLine: string | null): boolean {
  return title === commandLine || commandLine?.startsWith(title) === true;
}

function wholeCommandLine(known: KnownProcess | undefined): string | null {
  return known?.isWhole === true ? known.commandLine : null;
}

function userOf(fields: Fields): Pick<Actor, 'user' | 'userName' | 'login' | 'loginName'> {
  const effective = id(fields, euidKey);
  const isEffective = effective !== null;
  return {
    user: isEffective ? effective : id(fields, uidKey),
    userName: nameOf(fields, isEffective ? euidName : uidName),
    login: id(fields, auidKey),
    loginName: nameOf(fields, auidName),
  };
}

/** User messages do not name the parent; what is remembered of the process does. */
function parentOf(fields: Fields, known: KnownProcess | undefined): number | null {
  return integer(fields, ppidKey) ?? known?.parentPid ?? null;
}

export function applyActor(row: ActorRow, actor: Actor, view: EventView, dataset: string): void {
  const { event } = view;
  row.time = event.time;
  row.event_dataset = dataset;
  row.host_name = event.node;
  row.evidence_at = event.records[0]?.line ?? null;
  row.process_pid = actor.pid;
  row.process_name = actor.name;
  row.process_executable = actor.executable;
  row.process_command_line = actor.commandLine;
  row.process_parent_pid = actor.parentPid;
  if (actor.parent !== undefined) {
    row.process_parent_name = actor.parent.name;
    row.process_parent_executable = actor.parent.executable;
    row.process_parent_command_line = actor.parent.commandLine;
  }
  row.process_working_directory = actor.workingDirectory;
  row.process_tty = actor.terminal;
  row.user_id = actor.user;
  row.user_name = actor.userName;
  row.login_id = actor.login;
  row.login_name = actor.loginName;
  row.session_id = actor.session;
  row.container_id = actor.container;
}

/**
 * PROCTITLE: the arguments, NUL between them, cut by the kernel at 128 bytes. The kernel remembers it from the first
 * event of a process, so after an `exec` it may still be the one before.
 */
function titleOf(view: EventView): string | null {
  const fields = view.proctitle;
  const index = fields?.indexOf(proctitleKey) ?? -1;
  if (fields === undefined || index < 0) return null;
  const raw = fields.rawAt(index);
  if (raw !== lastTitle.raw) lastTitle = { raw, title: decodeTitle(textAt(fields, index)) };
  return lastTitle.title;
}

/** A process mostly has several events one after another. */
let lastTitle: { readonly raw: string; readonly title: string | null } = { raw: '', title: null };

function decodeTitle(text: string): string | null {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  const cut = end < text.length ? text.slice(0, end) : text;
  if (cut === '' || cut === '(null)') return null;
  return cut.includes('\0') ? cut.replaceAll('\0', ' ') : cut;
}

function sessionOf(fields: Fields): string | null {
  const session = text(fields, sesKey);
  return session === '4294967295' || session === '-1' ? null : session;
}

/** auditd writes `unset`, and `unknown(500)` for a user whom the machine does not know. */
function nameOf(fields: Fields, name: Key): string | null {
  const user = text(fields, name);
  return user === 'unset' || user?.startsWith('unknown(') === true ? null : user;
}
