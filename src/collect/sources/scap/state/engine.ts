import { eventFlag, eventId, eventTypes } from '../format/event-table.ts';
import { ScapRecord } from '../record.ts';
import { fileHandlers } from './apply/files.ts';
import { metaHandlers } from './apply/meta.ts';
import { processHandlers } from './apply/process.ts';
import { socketHandlers } from './apply/sockets.ts';
import type { Engine, Handler } from './handler.ts';
import type { SystemState } from './system.ts';
import type { Thread } from './thread.ts';

/** Enter events with more bytes are not kept for their exit. */
const maxEnterBytes = 4096;
const currentDirectory = -100;

const all: Readonly<Record<string, Handler>> = {
  ...processHandlers,
  ...fileHandlers,
  ...socketHandlers,
  ...metaHandlers,
};
const handlers: readonly (Handler | undefined)[] = eventTypes.map(({ key }) => all[key]);

/** Enter events whose parameters are needed when the call returns. */
const keptEnters = new Set(
  [
    'SYSCALL_OPEN_E SYSCALL_CREAT_E SYSCALL_OPENAT_E SYSCALL_OPENAT_2_E SYSCALL_OPENAT2_E SOCKET_SOCKET_E',
    'SOCKET_SENDTO_E SOCKET_SENDMSG_E SYSCALL_SETRESUID_E SYSCALL_SETRESGID_E SYSCALL_SETUID_E SYSCALL_SETGID_E',
    'SYSCALL_EXECVE_18_E SYSCALL_EXECVE_19_E SYSCALL_EXECVEAT_E SYSCALL_UNSHARE_E SYSCALL_SETNS_E SYSCALL_FCNTL_E',
    'SYSCALL_LINK_E SYSCALL_LINKAT_E SYSCALL_MKDIR_E SYSCALL_RMDIR_E SYSCALL_UNLINK_E SYSCALL_UNLINKAT_E',
    'SYSCALL_PRLIMIT_E SYSCALL_SETRLIMIT_E SYSCALL_GETRLIMIT_E',
  ].flatMap((keys) => keys.split(' ').map(eventId)),
);
const keepsEnter = eventTypes.map(({ id }) => keptEnters.has(id));

/** Where exit events of calls on a descriptor tell it, behind their result; -1 for those that do not. */
const descriptorAt = eventTypes.map(({ flags, isEnter, parameters }) =>
  isEnter || (flags & eventFlag['uses-fd']) === 0
    ? -1
    : parameters.findIndex(({ type }, index) => index > 0 && type === 'FD'),
);

const procinfo = eventId('PROCINFO_E');
const execveat = eventId('SYSCALL_EXECVEAT_E');
const execveExits = new Set([eventId('SYSCALL_EXECVE_18_X'), eventId('SYSCALL_EXECVE_19_X')]);

/** Events that do not make a thread known that was not before. */
const findsOnly = eventTypes.map(
  ({ key }) =>
    /^SYSCALL_(?:CLONE|FORK|VFORK)(?:3|_\d+)?_X$/.test(key) || key === 'SCHEDSWITCH_6_E' || key.startsWith('PROCEXIT'),
);
/** Events about the machine, not about a thread. */
const hasNoThread = eventTypes.map(({ kind, key }) => kind === 'metaevent' || key === 'PLUGINEVENT_E');
/** Events that tell of accounts are state alone: they are neither shown nor counted. */
export const tellsAccount = eventTypes.map(({ key }) => /^(?:USER|GROUP)_(?:ADDED|DELETED)_E$/.test(key));
const isHidden = eventTypes.map(({ category, id }) => category === 'internal' || tellsAccount[id] === true);

/** Follows the state of the machine event by event, and sets thread and descriptor of each event. */
export class StateEngine implements Engine {
  readonly system: SystemState;
  readonly #enter = new ScapRecord();
  #left: Thread | undefined;
  /** Events at the very beginning tell of containers and users that were already there. */
  #isAtStart = true;

  constructor(system: SystemState) {
    this.system = system;
  }

  /** Call once for each event, in order, after it was loaded. */
  process(record: ScapRecord): void {
    this.#endLast();
    const { type } = record;
    this.#isAtStart &&= hasNoThread[type.id] === true && type.category !== 'internal';
    record.isHidden = isHidden[type.id] === true || this.#isAtStart;
    record.descriptor = undefined;
    record.isReturn = false;
    record.thread = this.#threadOf(record);
    if (record.thread !== undefined && (type.flags & eventFlag['skip-state']) === 0) {
      if (type.isEnter) this.#enterCall(record, record.thread);
      else this.#leaveCall(record, record.thread);
    }
    const { thread } = record;
    record.uidBefore = thread === undefined || thread.isUnknown ? undefined : thread.uid;
    handlers[type.id]?.(record, this);
  }

  /** What closes or ends with an event is still there while the event is looked at. */
  #endLast(): void {
    const { system } = this;
    if (this.#left !== undefined) {
      this.#left.enterLength = 0;
      this.#left = undefined;
    }
    if (system.closingFd !== undefined) {
      const thread = system.threads.get(system.closingFd.tid);
      if (thread !== undefined) system.threads.tableOf(thread).delete(system.closingFd.fd);
      system.closingFd = undefined;
    }
    if (system.leavingThread !== undefined) {
      system.threads.remove(system.leavingThread);
      system.leavingThread = undefined;
    }
  }

  #threadOf(record: ScapRecord): Thread | undefined {
    const { threads } = this.system;
    const { id, flags } = record.type;
    if ((flags & eventFlag['skip-state']) !== 0) return id === procinfo ? threads.get(record.tid) : undefined;
    if (hasNoThread[id] === true) return undefined;
    return findsOnly[id] === true ? threads.get(record.tid) : threads.getOrUnknown(record.tid);
  }

  #enterCall(record: ScapRecord, thread: Thread): void {
    const { type } = record;
    if (type.kind === 'tracepoint') return;
    thread.lastFd = -1;
    thread.lastEnter = type.id;
    thread.enteredHigh = record.timeHigh;
    thread.enteredLow = record.timeLow;
    thread.enterLength = 0;
    if ((type.flags & eventFlag['uses-fd']) !== 0) {
      thread.lastFd = record.fd(0);
      record.setDescriptor(this.system.threads.tableOf(thread).get(thread.lastFd));
    }
    if (keepsEnter[type.id] === true && record.length <= maxEnterBytes) keepEnter(record, thread);
  }

  #leaveCall(record: ScapRecord, thread: Thread): void {
    this.#left = thread;
    const { type } = record;
    const isMatched = type.id === thread.lastEnter + 1 || (thread.lastEnter === execveat && execveExits.has(type.id));
    record.isReturn = isMatched;
    if (!isMatched) {
      thread.enterLength = 0;
      this.#useOwnDescriptor(record, thread);
      return;
    }
    if ((type.flags & eventFlag['uses-fd']) !== 0) {
      record.setDescriptor(this.system.threads.tableOf(thread).get(thread.lastFd));
    }
  }

  /** Captures without enter events have the descriptor among the parameters of the exit. */
  #useOwnDescriptor(record: ScapRecord, thread: Thread): void {
    const index = descriptorAt[record.type.id] ?? -1;
    if (index < 0 || record.lengthOf(index) === 0) return;
    thread.lastFd = record.fd(index);
    record.setDescriptor(this.system.threads.tableOf(thread).get(thread.lastFd));
  }

  enterOf(record: ScapRecord): ScapRecord | undefined {
    const { thread } = record;
    if (thread?.enterBytes === undefined || thread.enterLength === 0) return undefined;
    const enter = this.#enter;
    if (enter.bytes !== thread.enterBytes) {
      enter.bytes = thread.enterBytes;
      enter.view = new DataView(thread.enterBytes.buffer, thread.enterBytes.byteOffset, thread.enterBytes.byteLength);
    }
    enter.littleEndian = record.littleEndian;
    return enter.load(1, 1 + thread.enterLength, thread.enterBytes[0] === 1) ? enter : undefined;
  }

  directoryAt(thread: Thread, fd: number): string {
    if (fd === currentDirectory) return this.system.threads.directoryOf(thread);
    const descriptor = this.system.threads.tableOf(thread).get(fd);
    if (descriptor === undefined) return '<UNKNOWN>';
    const { name } = descriptor;
    return name === '' || name.endsWith('/') ? name : `${name}/`;
  }
}

/** Copies the event beside the thread. The first byte says whether it counts its parameters. */
function keepEnter(record: ScapRecord, thread: Thread): void {
  if (thread.enterBytes === undefined || thread.enterBytes.length <= record.length) {
    thread.enterBytes = Buffer.alloc(Math.max(256, record.length + 1));
  }
  thread.enterBytes[0] = record.hasCount ? 1 : 0;
  record.bytes.copy(thread.enterBytes, 1, record.start, record.start + record.length);
  thread.enterLength = record.length;
}
