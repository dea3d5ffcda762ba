import type { ScapRecord } from '../../record.ts';
import { containerOf } from '../cgroups.ts';
import type { Engine, Handler } from '../handler.ts';
import { joinPath } from '../paths.ts';
import { cloneFlag, unsetId, type Thread } from '../thread.ts';

/** Where parameters stand: calls that start processes got more of them over time. */
interface CloneLayout {
  /** -1: no short name; the first argument stands for it. */
  readonly name: number;
  readonly cgroups: number;
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  readonly virtualTid: number;
}
const layouts: Readonly<Record<string, CloneLayout>> = {
  '11': { name: -1, cgroups: -1, flags: 8, uid: 9, gid: 10, virtualTid: -1 },
  '16': { name: -1, cgroups: -1, flags: 13, uid: 14, gid: 15, virtualTid: -1 },
  '17': { name: 13, cgroups: -1, flags: 14, uid: 15, gid: 16, virtualTid: -1 },
  '20': { name: 13, cgroups: 14, flags: 15, uid: 16, gid: 17, virtualTid: 18 },
};

/** A thread that was told of so long ago was another one with the same id. */
const staleSeconds = 2;
/** AT_EMPTY_PATH of execveat(2): the program is the descriptor itself. */
const emptyPath = 1;
const allCapabilities = (1n << 41n) - 1n;

function clone(layout: CloneLayout): Handler {
  return (record, engine) => {
    const child = record.int(0);
    if (child === 0) returnInChild(record, engine, layout);
    else if (child > 0) returnInParent(record, engine, layout, child);
  };
}

function returnInParent(record: ScapRecord, engine: Engine, layout: CloneLayout, childTid: number): void {
  const { threads } = engine.system;
  const caller = record.thread ?? threads.getOrUnknown(record.tid);
  if (caller === undefined) return;
  record.thread = caller;
  if (caller.isUnknown) describeCaller(caller, record, layout);
  const flags = record.uint(layout.flags) || 0;
  // In another id space the number that the parent got is not the one that the child's own events have.
  const isElsewhere =
    (flags & (cloneFlag.childInPidNamespace | cloneFlag.newPid | cloneFlag.parent)) !== 0 ||
    (caller.virtualTid !== -1 && caller.virtualTid !== caller.tid);
  if (isElsewhere) return;
  const known = threads.get(childTid);
  if (known !== undefined) {
    if ((known.flags & cloneFlag.inverted) !== 0) return;
    threads.remove(childTid);
  }
  const child = threads.create(childTid);
  child.flags = flags;
  const isThread = (flags & cloneFlag.thread) !== 0;
  if (isThread) child.flags |= cloneFlag.files;
  child.pid = isThread ? caller.pid : childTid;
  child.parent = caller.tid;
  child.virtualTid = childTid;
  child.virtualPid = child.pid;
  inherit(child, caller, engine, isThread);
  describe(child, record, layout);
  threads.add(child);
}

function returnInChild(record: ScapRecord, engine: Engine, layout: CloneLayout): void {
  const { threads } = engine.system;
  const { thread } = record;
  if (thread !== undefined && thread.startHigh !== 0) {
    if (secondsSince(record, thread) < staleSeconds) return;
    threads.remove(thread.tid);
  }
  const child = threads.create(record.tid);
  child.flags = (record.uint(layout.flags) || 0) | cloneFlag.inverted;
  const isThread = (child.flags & cloneFlag.thread) !== 0;
  if (isThread) child.flags |= cloneFlag.files;
  child.pid = record.int(4);
  child.parent = record.int(5);
  child.virtualTid = layout.virtualTid < 0 ? child.tid : record.int(layout.virtualTid);
  child.virtualPid = layout.virtualTid < 0 ? -1 : record.int(layout.virtualTid + 1);
  const from = threads.get(isThread ? child.pid : child.parent);
  if (from !== undefined && !from.isUnknown) inherit(child, from, engine, isThread);
  describe(child, record, layout);
  threads.add(child);
  record.thread = child;
}

function secondsSince(record: ScapRecord, thread: Thread): number {
  return ((record.timeHigh - thread.startHigh) * 0x1_0000_0000 + (record.timeLow - thread.startLow)) / 1e9;
}

/** A caller that no event described before: what the event says of the caller is taken. */
function describeCaller(caller: Thread, record: ScapRecord, layout: CloneLayout): void {
  caller.isUnknown = false;
  caller.pid = record.int(4);
  caller.parent = record.int(5);
  caller.virtualTid = layout.virtualTid < 0 ? caller.tid : record.int(layout.virtualTid);
  caller.virtualPid = layout.virtualTid < 0 ? -1 : record.int(layout.virtualTid + 1);
  caller.exe = record.text(1) ?? '';
  caller.setProgram((layout.name < 0 ? undefined : record.text(layout.name)) ?? caller.exe, record.texts(2));
}

function inherit(child: Thread, from: Thread, engine: Engine, isThread: boolean): void {
  const { threads } = engine.system;
  child.path = from.path;
  child.root = from.root;
  child.session = from.session;
  child.group = from.group;
  child.tty = from.tty;
  child.loginUid = from.loginUid;
  child.inheritable = from.inheritable;
  child.permitted = from.permitted;
  child.effective = from.effective;
  child.exeWritable = from.exeWritable;
  child.exeUpperLayer = from.exeUpperLayer;
  child.exeLowerLayer = from.exeLowerLayer;
  child.exeFromMemfd = from.exeFromMemfd;
  child.exeInode = from.exeInode;
  child.exeChanged = from.exeChanged;
  child.exeModified = from.exeModified;
  child.container = from.container;
  child.cgroups = from.cgroups;
  child.directory = threads.directoryOf(from);
  child.env = (threads.main(from) ?? from).env;
  if (!isThread) child.table = threads.tableOf(from).fork();
}

function describe(child: Thread, record: ScapRecord, layout: CloneLayout): void {
  child.exe = record.text(1) ?? '';
  child.setProgram((layout.name < 0 ? undefined : record.text(layout.name)) ?? child.exe, record.texts(2));
  child.fdLimit = record.int(7);
  child.uid = unsetWhenMissing(record.uint(layout.uid));
  child.gid = unsetWhenMissing(record.uint(layout.gid));
  child.startHigh = record.timeHigh;
  child.startLow = record.timeLow;
  if (layout.cgroups >= 0) setCgroups(child, record, layout.cgroups);
}

function unsetWhenMissing(id: number): number {
  return Number.isNaN(id) ? unsetId : id;
}

function setCgroups(thread: Thread, record: ScapRecord, index: number): void {
  const cgroups = record.data(index).toString('utf8');
  if (cgroups === thread.cgroups) return;
  thread.cgroups = cgroups;
  thread.container = containerOf(cgroups);
}

const execute: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined || !(record.int(0) >= 0)) return;
  const { threads } = engine.system;
  const version = executeVersion(record);
  thread.exe = record.text(1) ?? '';
  thread.setProgram((version >= 15 ? record.text(13) : undefined) ?? thread.exe, record.texts(2));
  thread.pid = record.int(4);
  if (thread.isUnknown) {
    thread.parent = record.int(5);
    thread.isUnknown = false;
  }
  thread.fdLimit = record.int(7);
  if (version >= 14) thread.env = record.texts(Math.min(version - 1, 15));
  if (version >= 16) setCgroups(thread, record, 14);
  if (version >= 17) thread.tty = record.uint(16) || 0;
  if (version >= 19) thread.group = record.int(17);
  setPath(thread, record, engine, version);
  readCredentials(thread, record);
  // The program is new, the process is not: it is no thread of another any more.
  thread.flags &= cloneFlag.inverted;
  for (const other of thread.members) threads.remove(other);
};

function executeVersion(record: ScapRecord): number {
  const { key } = record.type;
  return key === 'SYSCALL_EXECVEAT_X' ? 19 : Number(key.split('_')[2]);
}

/** Parameters that came to the last version one after another. */
function readCredentials(thread: Thread, record: ScapRecord): void {
  const { parameterCount: count } = record;
  if (count > 18) thread.loginUid = unsetWhenMissing(record.uint(18));
  if (count > 19) {
    const flags = record.uint(19) || 0;
    thread.exeWritable = (flags & 1) !== 0;
    thread.exeUpperLayer = (flags & 2) !== 0;
    thread.exeFromMemfd = (flags & 4) !== 0;
    thread.exeLowerLayer = (flags & 8) !== 0;
  }
  if (count > 22) {
    thread.inheritable = record.big(20);
    thread.permitted = record.big(21);
    thread.effective = record.big(22);
  }
  if (count > 25) {
    thread.exeInode = record.big(23);
    thread.exeChanged = record.big(24);
    thread.exeModified = record.big(25);
  }
  if (count > 26) thread.uid = unsetWhenMissing(record.uint(26));
  if (count > 29) thread.gid = unsetWhenMissing(record.uint(29));
}

/** The kernel tells the path since it was added; before, it is made from what the call was given. */
function setPath(thread: Thread, record: ScapRecord, engine: Engine, version: number): void {
  const trusted = record.text(27);
  if (trusted !== undefined) {
    thread.path = trusted;
    return;
  }
  const enter = version >= 18 ? engine.enterOf(record) : undefined;
  if (enter === undefined) return;
  thread.path =
    enter.type.name === 'execveat' ? pathAtDirectory(thread, enter, engine) : pathOfName(thread, enter, engine);
}

function pathOfName(thread: Thread, enter: ScapRecord, engine: Engine): string {
  const name = enter.text(0) ?? '';
  return name === '<NA>' ? name : joinPath(engine.system.threads.directoryOf(thread), name);
}

function pathAtDirectory(thread: Thread, enter: ScapRecord, engine: Engine): string {
  const name = enter.text(1) ?? '<NA>';
  const isEmptyPath = ((enter.uint(2) || 0) & emptyPath) !== 0;
  const directory = name.startsWith('/') ? '' : engine.directoryAt(thread, enter.int(0));
  if (directory === '<UNKNOWN>' || (name === '<NA>' && !isEmptyPath)) return '<NA>';
  return isEmptyPath ? joinPath('', directory) : joinPath(directory, name);
}

const exit: Handler = (record, engine) => {
  if (record.thread !== undefined) engine.system.leavingThread = record.tid;
};

const changeDirectory: Handler = (record, engine) => {
  const { thread } = record;
  const name = record.text(1);
  if (thread === undefined || name === undefined || !(record.int(0) >= 0)) return;
  const { threads } = engine.system;
  threads.setDirectory(thread, joinPath(threads.directoryOf(thread), name));
};

const changeToDescriptor: Handler = (record, engine) => {
  const { thread, descriptor } = record;
  if (thread === undefined || descriptor === undefined || !(record.int(0) >= 0)) return;
  const { threads } = engine.system;
  threads.setDirectory(thread, joinPath(threads.directoryOf(thread), descriptor.name));
};

const changeRoot: Handler = (record, engine) => {
  const { thread } = record;
  const name = record.text(1);
  if (thread === undefined || name === undefined || record.int(0) !== 0) return;
  thread.root = joinPath(engine.system.threads.directoryOf(thread), name);
};

/**
 * A parameter that the enter event has at `index`. Captures without enter events have it one further on in the exit, behind
 * the result.
 */
function asked(record: ScapRecord, engine: Engine, index: number): number {
  return engine.enterOf(record)?.uint(index) ?? record.uint(index + 1);
}

/** Ids that a call asks for, and which hold when it succeeds. */
function changeId(index: number, set: (thread: Thread, id: number) => void): Handler {
  return (record, engine) => {
    const { thread } = record;
    const id = asked(record, engine, index);
    if (thread !== undefined && record.int(0) >= 0 && id >= 0 && id !== unsetId) set(thread, id);
  };
}

const setUser = (thread: Thread, id: number): void => {
  thread.uid = id;
};
const setGroup = (thread: Thread, id: number): void => {
  thread.gid = id;
};

const newSession: Handler = (record) => {
  const session = record.int(0);
  if (record.thread !== undefined && session >= 0) record.thread.session = session;
};

const setCapabilities: Handler = (record) => {
  const { thread } = record;
  if (thread === undefined || !(record.int(0) >= 0)) return;
  thread.inheritable = record.big(1);
  thread.permitted = record.big(2);
  thread.effective = record.big(3);
};

/** Whoever enters a new user id space has all capabilities there. */
function enterNamespace(flagsIndex: number): Handler {
  return (record, engine) => {
    const { thread } = record;
    const flags = asked(record, engine, flagsIndex);
    if (thread === undefined || !(record.int(0) >= 0) || (flags & cloneFlag.newUser) === 0) return;
    thread.inheritable = allCapabilities;
    thread.permitted = allCapabilities;
    thread.effective = allCapabilities;
  };
}

const forks = Object.fromEntries(
  Object.entries(layouts).flatMap(([version, layout]) => {
    const calls =
      version === '16' ? ['CLONE_16', 'FORK', 'VFORK'] : ['CLONE', 'FORK', 'VFORK'].map((call) => `${call}_${version}`);
    return (version === '20' ? [...calls, 'CLONE3'] : calls).map(
      (call) => [`SYSCALL_${call}_X`, clone(layout)] as const,
    );
  }),
);
const executions = Object.fromEntries(
  [
    'EXECVE_8',
    'EXECVE_13',
    'EXECVE_14',
    'EXECVE_15',
    'EXECVE_16',
    'EXECVE_17',
    'EXECVE_18',
    'EXECVE_19',
    'EXECVEAT',
  ].map((call) => [`SYSCALL_${call}_X`, execute] as const),
);

export const processHandlers: Readonly<Record<string, Handler>> = {
  ...forks,
  ...executions,
  PROCEXIT_E: exit,
  PROCEXIT_1_E: exit,
  SYSCALL_CHDIR_X: changeDirectory,
  SYSCALL_GETCWD_X: changeDirectory,
  SYSCALL_FCHDIR_X: changeToDescriptor,
  SYSCALL_CHROOT_X: changeRoot,
  SYSCALL_SETUID_X: changeId(0, setUser),
  SYSCALL_SETGID_X: changeId(0, setGroup),
  SYSCALL_SETRESUID_X: changeId(1, setUser),
  SYSCALL_SETRESGID_X: changeId(1, setGroup),
  SYSCALL_SETSID_X: newSession,
  SYSCALL_CAPSET_X: setCapabilities,
  SYSCALL_UNSHARE_X: enterNamespace(0),
  SYSCALL_SETNS_X: enterNamespace(1),
};
