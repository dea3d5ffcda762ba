import { newEvent } from '../../../../events/event.ts';
import { argumentValue } from '../interpret/call-arguments.ts';
import { isSystemZ } from '../../../linux/syscalls.ts';
import type { Fields } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { id, integer, isNone, text, textAt } from '../records/values.ts';
import { applyActor, type Actor } from './actor.ts';
import type { Call } from './call.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf, ruleKeys } from './outcome.ts';
import { absolutePath } from './paths.ts';
import { recordOf, type EventView } from './view.ts';

const objectType = key('OBJ_PID');
const objectPid = key('opid');
const objectName = key('ocomm');
const capabilitiesType = key('BPRM_FCAPS');
const pathName = key('name');
const uidKey = key('uid');
const euidKey = key('euid');

/** CLONE_THREAD: a thread of the same process, not a new process. */
const cloneThread = 0x10000;

/** An event for a call that starts, ends or changes a process; `main` is its SYSCALL record, or EXECVE without one. */
export function addProcess(context: MapContext, main: Fields, actor: Actor, action: string): void {
  const { view, call, ancestry } = context;
  const row = newEvent('process');
  applyActor(row, actor, view, 'auditd.syscall');
  row.event_action = action === 'fork' && call !== undefined && isThread(call) ? 'thread' : action;
  row.event_outcome = outcomeOf(call);
  row.rule_keys = ruleKeys(main);
  if (view.args !== null) row.process_args = view.args;
  if (call !== undefined) {
    if (call.exit !== null && call.exit < 0) row.process_exit_code = -call.exit;
    if (action === 'exit') row.process_exit_code = (argumentValue(call.fields, 0) ?? 0) & 0xff;
    if (action === 'exec') row.process_interpreted_file = scriptOf(view, actor);
    if (action === 'kill' || action === 'ptrace' || action.startsWith('memory-')) {
      addTarget(context, call, action, row);
    }
    row.is_privileged_change = call.hasSucceeded === true ? hasGrown(context, call, actor, action) : null;
    if (row.event_action === 'fork' && call.hasSucceeded === true && call.exit !== null && call.exit > 0) {
      if (actor.pid !== null) ancestry.fork(call.exit, actor.pid, view.event.time);
    }
  }
  row.fields = fieldsJson(context, { main, withOthers: true, title: actor.otherTitle });
  context.events.push(row);
}

function isThread(call: Call): boolean {
  const flags = argumentValue(call.fields, isSystemZ(call.arch) ? 1 : 0) ?? 0;
  return call.name === 'clone' && (flags & cloneThread) !== 0;
}

/** A script is the first PATH item; the interpreter that was started for it is a later one. */
function scriptOf(view: EventView, actor: Actor): string | null {
  const [first] = view.paths;
  if (first === undefined || actor.executable === null || view.args === null) return null;
  const index = first.indexOf(pathName);
  if (index < 0 || isNone(first, index)) return null;
  const name = textAt(first, index);
  if (view.args.indexOf(name, 1) < 0 || name === actor.executable) return null;
  return absolutePath(name, view.cwd) ?? name;
}

function addTarget(
  context: MapContext,
  call: Call,
  action: string,
  row: { target_pid: number | null; target_name: string | null },
): void {
  const object = recordOf(context.view, objectType);
  const value = argumentValue(call.fields, action === 'ptrace' ? 1 : 0);
  const named = object === undefined ? null : integer(object, objectPid);
  row.target_pid = named ?? (value === null ? null : value | 0);
  if (object !== undefined) row.target_name = text(object, objectName);
  else if (row.target_pid !== null) row.target_name = context.ancestry.get(row.target_pid)?.name ?? null;
}

/**
 * Whether the process has more rights than before: capabilities that it did not have, root where it was not;
 * null when the log does not tell what it was before.
 */
function hasGrown(context: MapContext, call: Call, actor: Actor, action: string): boolean | null {
  const { view } = context;
  const capabilities = recordOf(view, capabilitiesType);
  if (capabilities !== undefined) return hasMoreCapabilities(capabilities);
  if (action === 'setuid' && actor.before?.user !== undefined && actor.before.user !== null) {
    return actor.user === 0 && actor.before.user !== 0;
  }
  if (action === 'exec') return id(call.fields, euidKey) === 0 && (id(call.fields, uidKey) ?? 0) !== 0;
  return action === 'setuid' && actor.user !== 0 ? false : null;
}

const oldEffective = key('old_pe');
const effective = key('pe');
const oldStyleEffective = key('new_pe');

function hasMoreCapabilities(fields: Fields): boolean | null {
  const same = text(fields, effective);
  if (same !== null && same === text(fields, oldEffective)) return false;
  const before = mask(fields, oldEffective);
  const after = mask(fields, effective) ?? mask(fields, oldStyleEffective);
  return before === undefined || after === undefined ? null : (after & ~before) !== 0n;
}

function mask(fields: Fields, name: typeof effective): bigint | undefined {
  const value = text(fields, name);
  return value === null || !/^[0-9a-f]{1,16}$/i.test(value) ? undefined : BigInt(`0x${value}`);
}
