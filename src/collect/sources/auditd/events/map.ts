import type { Problem } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { Ancestry } from '../ancestry.ts';
import { ContainerFiles } from '../container-files.ts';
import { isRuntime, monitoredContainer, startedContainer } from '../containers.ts';
import type { AuditEvent } from '../assembly/assembler.ts';
import { meaningOfRecord } from '../interpret/meanings.ts';
import type { Fields } from '../records/fields.ts';
import { key, KeySet } from '../records/keys.ts';
import { readActor, type Actor } from './actor.ts';
import { readCall, type Call } from './call.ts';
import type { MapContext } from './context.ts';
import { datasetOf } from './dataset.ts';
import { addFiles } from './file.ts';
import { JsonWriter } from './json-writer.ts';
import { addLog } from './log.ts';
import { addModule } from './module.ts';
import { addProcess } from './process.ts';
import { redirectedSocket, socketAt, socketsAfter } from './descriptors.ts';
import { powersAfter, rememberedMembers } from './remembered.ts';
import { addSession } from './session.ts';
import { addDuplicate, addSocket } from './socket.ts';
import { EventReader } from './view.ts';

const moduleType = key('KERN_MODULE');
const execveType = key('EXECVE');

/** Records that say all that the call does: a log-in id is set by a write, the clock by a call of its own. */
const tellsAll = new KeySet('LOGIN TIME_INJOFFSET TIME_ADJNTPVAL');

/** Turns audit events into ours, and remembers the processes that it meets. */
export class EventMapper {
  readonly ancestry = new Ancestry();
  readonly files = new ContainerFiles();
  readonly #reader = new EventReader();
  readonly #writer = new JsonWriter();

  map(event: AuditEvent, events: VakthundEvent[], problems: Problem[]): void {
    const view = this.#reader.read(event);
    if (view.problems.length > 0) problems.push(...view.problems);
    const call = view.call === undefined ? undefined : readCall(view.call);
    const { ancestry } = this;
    const context: MapContext = { view, call, ancestry, writer: this.#writer, events, problems, remembered: [] };
    const { own } = view;
    const main = own[0] ?? view.call ?? view.records[0];
    if (main === undefined) return;
    const actor = readActor(context, main);
    if (call !== undefined) context.remembered = rememberedMembers(view, call, actor, this.files);
    let isTold = false;
    for (const [index, fields] of own.entries()) {
      if (isTold && tellsAll.has(fields.type)) continue;
      addOwn(context, fields, actor, index === 0);
      isTold ||= tellsAll.has(fields.type);
    }
    if (call === undefined) {
      if (own.length === 0) addWithoutCall(context, main, actor);
    } else if (!isTold) addCall(context, call, actor, own.length > 0);
    if (call !== undefined) remember(context, call, actor);
  }
}

/** Adds the event of a record that says something of its own. The first carries the other records of the audit event. */
function addOwn(context: MapContext, fields: Fields, actor: Actor, withOthers: boolean): void {
  const meaning = meaningOfRecord(fields.type.name);
  if (meaning.session === undefined) addLog(context, fields, actor, { dataset: datasetOf(fields.type), withOthers });
  else addSession(context, fields, actor, { meaning, withOthers });
}

/** Adds what the call itself becomes. A call of no kind of its own is a log record, unless another record told of it. */
function addCall(context: MapContext, call: Call, actor: Actor, isTold: boolean): void {
  const { event } = call.meaning;
  if (context.view.records.some((fields) => fields.type === moduleType)) {
    addModule(context, call.fields, actor, call.name === 'delete_module' ? 'unload' : 'load');
    return;
  }
  switch (event?.kind) {
    case 'process':
      return addProcess(context, call.fields, actor, event.action);
    case 'file_access':
      return addFiles(context, call, actor, event.action);
    case 'socket':
      return addSocket(context, call, actor, { action: event.action, socket: socketAt(call, actor) });
    case 'kernel_module':
      return addModule(context, call.fields, actor, event.action);
    case undefined: {
      const socket = redirectedSocket(call, actor);
      if (socket !== undefined) return addDuplicate(context, call, actor, socket);
      if (!isTold) addLog(context, call.fields, actor, { dataset: 'auditd.syscall', withOthers: true });
    }
  }
}

/** What is left of an event whose SYSCALL record was lost or filtered out. */
function addWithoutCall(context: MapContext, main: Fields, actor: Actor): void {
  const { view } = context;
  const execve = view.records.find((fields) => fields.type === execveType);
  if (execve !== undefined) addProcess(context, execve, actor, 'exec');
  else if (main.type === moduleType) addModule(context, main, actor, 'load');
  else addLog(context, main, actor, { dataset: datasetOf(main.type), withOthers: true });
}

const unknownProgram = { commandLine: null, isWhole: false };

function remember(context: MapContext, call: Call, actor: Actor): void {
  const { pid, before } = actor;
  if (pid === null) return;
  const { args, event } = context.view;
  // A program that could not be started has not changed the command line of the one that tried.
  const hasFailed = args !== null && call.hasSucceeded !== true;
  const { commandLine, isWhole } = hasFailed ? (before ?? unknownProgram) : actor;
  const { parentPid, name, executable, user } = actor;
  const isRuntimes = isRuntime(executable);
  // It says the same as before at each further call.
  const newLine = isRuntimes && before?.commandLine !== commandLine ? commandLine : null;
  const container = isRuntimes ? (startedContainer(newLine) ?? before?.container ?? actor.container) : actor.container;
  const sockets = socketsAfter(context.view, call, actor);
  const { effective, permitted } = powersAfter(context.view, call, actor);
  const now = { effective, permitted, parentPid, name, executable, commandLine, isWhole, user, container, sockets };
  context.ancestry.see(pid, now, event.time);
  const held = monitoredContainer(newLine);
  if (parentPid !== null && held !== undefined) context.ancestry.holds(parentPid, held, event.time);
}
