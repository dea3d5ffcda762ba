import type { ScapRecord } from '../../record.ts';
import { Descriptor, descriptorType } from '../descriptor.ts';
import type { Engine, Handler } from '../handler.ts';
import { joinPath } from '../paths.ts';
import type { Thread } from '../thread.ts';

/** Flags of open(2), by the numbers of the format. */
export const openFlag = {
  read: 1,
  write: 2,
  create: 4,
  truncate: 256,
  directory: 1024,
  closeOnExec: 4096,
  temporary: 8192,
  /** Not of the call: the file was not there before. */
  created: 16_384,
} as const;
/** Commands of fcntl(2) that make a copy of a descriptor. */
const copyCommands = new Set([1, 26]);

/** Puts a new descriptor into the table of the event's process. */
export function addDescriptor(record: ScapRecord, engine: Engine, fd: number, descriptor: Descriptor): void {
  const { thread } = record;
  if (thread === undefined) return;
  engine.system.threads.tableOf(thread).set(fd, descriptor);
  thread.lastFd = fd;
  record.oldName = '';
  record.descriptor = descriptor;
}

/** The descriptor of the event, to be changed. */
export function editDescriptor(record: ScapRecord, engine: Engine): Descriptor | undefined {
  const { thread } = record;
  if (thread === undefined || record.descriptor === undefined) return undefined;
  const descriptor = engine.system.threads.tableOf(thread).edit(thread.lastFd);
  if (descriptor !== undefined) record.descriptor = descriptor;
  return descriptor;
}

interface Opening {
  readonly directory: string;
  readonly name: string;
  readonly flags: number;
}

function opened(record: ScapRecord, engine: Engine, opening: Opening): void {
  const fd = record.int(0);
  if (!(fd >= 0)) return;
  const isDirectory = (opening.flags & openFlag.directory) !== 0;
  const descriptor = new Descriptor(isDirectory ? descriptorType.directory : descriptorType.file2);
  descriptor.openFlags = opening.flags;
  descriptor.rawName = opening.name;
  descriptor.name = joinPath(opening.name.startsWith('/') ? '' : opening.directory, opening.name);
  addDescriptor(record, engine, fd, descriptor);
}

/** The name at exit may have been changed by the program meanwhile: the one at enter counts where it is known. */
function enterName(enter: ScapRecord | undefined, index: number): string | undefined {
  const name = enter?.text(index);
  return name === '<NA>' || name === '' ? undefined : name;
}

function flagsOf(atExit: number, atEnter: number): number {
  return atEnter | (atExit & openFlag.created);
}

const open: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined) return;
  const enter = engine.enterOf(record);
  const early = enterName(enter, 0);
  const flags = record.uint(2);
  opened(record, engine, {
    directory: engine.system.threads.directoryOf(thread),
    name: early ?? record.text(1) ?? '',
    flags: early === undefined || enter === undefined ? flags : flagsOf(flags, enter.uint(1)),
  });
};

const create: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined) return;
  const name = enterName(engine.enterOf(record), 0) ?? record.text(1) ?? '';
  opened(record, engine, { directory: engine.system.threads.directoryOf(thread), name, flags: 0 });
};

/** The first version has all its parameters in the enter event. */
const openatOld: Handler = (record, engine) => {
  const enter = engine.enterOf(record);
  if (enter === undefined || record.thread === undefined) return;
  const name = enter.text(1) ?? '';
  opened(record, engine, { directory: engine.directoryAt(record.thread, enter.int(0)), name, flags: enter.uint(2) });
};

const openat: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined) return;
  const enter = engine.enterOf(record);
  const early = enterName(enter, 1);
  const isEarly = early !== undefined && enter !== undefined;
  const flags = record.uint(3);
  opened(record, engine, {
    directory: engine.directoryAt(thread, isEarly ? enter.int(0) : record.int(1)),
    name: early ?? record.text(2) ?? '',
    flags: isEarly ? flagsOf(flags, enter.uint(2)) : flags,
  });
};

const openByHandle: Handler = (record, engine) => {
  opened(record, engine, { directory: '', name: record.text(3) ?? '', flags: record.uint(2) });
};

const close: Handler = (record, engine) => {
  const { thread } = record;
  if (record.int(0) >= 0 && thread !== undefined && record.descriptor !== undefined) {
    engine.system.closingFd = { tid: thread.tid, fd: thread.lastFd };
  }
};

const duplicate: Handler = (record, engine) => {
  const fd = record.int(0);
  if (!(fd >= 0) || record.descriptor === undefined) return;
  const copy = record.descriptor.copy();
  if (record.type.name === 'dup3') {
    const flags = record.uint(3);
    copy.openFlags = flags > 0 ? copy.openFlags | flags : copy.openFlags & ~openFlag.closeOnExec;
  }
  addDescriptor(record, engine, fd, copy);
};

const control: Handler = (record, engine) => {
  const command = engine.enterOf(record)?.uint(1) ?? record.uint(2);
  if (copyCommands.has(command)) duplicate(record, engine);
};

const pipe: Handler = (record, engine) => {
  if (!(record.int(0) >= 0)) return;
  for (const index of [1, 2]) {
    const descriptor = new Descriptor(descriptorType.pipe);
    if (record.type.name === 'pipe2') descriptor.openFlags = record.uint(4) || 0;
    addDescriptor(record, engine, record.int(index), descriptor);
  }
};

/** Calls that return a descriptor without a name. */
function anonymous(type: number, flagsIndex = -1): Handler {
  return (record, engine) => {
    const fd = record.int(0);
    if (!(fd >= 0)) return;
    const descriptor = new Descriptor(type);
    if (flagsIndex >= 0) descriptor.openFlags = record.uint(flagsIndex) || 0;
    addDescriptor(record, engine, fd, descriptor);
  };
}

const memory: Handler = (record, engine) => {
  named(record, engine, descriptorType.memory, record.text(1) ?? '');
};

const processDescriptor: Handler = (record, engine) => {
  named(record, engine, descriptorType.pid, `/proc/${record.int(1)}`);
};

function named(record: ScapRecord, engine: Engine, type: number, name: string): void {
  const fd = record.int(0);
  if (!(fd >= 0)) return;
  const descriptor = new Descriptor(type);
  descriptor.name = name;
  descriptor.openFlags = record.uint(2) || 0;
  addDescriptor(record, engine, fd, descriptor);
}

/** fchmod and fchown take a descriptor, which they only name when they return. */
const changedFile: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined) return;
  useDescriptor(record, engine, thread, record.fd(1));
};

export function useDescriptor(record: ScapRecord, engine: Engine, thread: Thread, fd: number): void {
  thread.lastFd = fd;
  record.setDescriptor(engine.system.threads.tableOf(thread).get(fd));
}

/** Copying within the kernel reads from one descriptor and writes to another: the other counts. */
const copyRange: Handler = (record, engine) => {
  if (record.thread !== undefined) useDescriptor(record, engine, record.thread, record.fd(1));
};

export const fileHandlers: Readonly<Record<string, Handler>> = {
  SYSCALL_OPEN_X: open,
  SYSCALL_CREAT_X: create,
  SYSCALL_OPENAT_X: openatOld,
  SYSCALL_OPENAT_2_X: openat,
  SYSCALL_OPENAT2_X: openat,
  SYSCALL_OPEN_BY_HANDLE_AT_X: openByHandle,
  SYSCALL_CLOSE_X: close,
  SYSCALL_DUP_X: duplicate,
  SYSCALL_DUP_1_X: duplicate,
  SYSCALL_DUP2_X: duplicate,
  SYSCALL_DUP3_X: duplicate,
  SYSCALL_FCNTL_X: control,
  SYSCALL_PIPE_X: pipe,
  SYSCALL_PIPE2_X: pipe,
  SYSCALL_EVENTFD_X: anonymous(descriptorType.event),
  SYSCALL_EVENTFD2_X: anonymous(descriptorType.event, 1),
  SYSCALL_SIGNALFD_X: anonymous(descriptorType.signal),
  SYSCALL_SIGNALFD4_X: anonymous(descriptorType.signal, 1),
  SYSCALL_TIMERFD_CREATE_X: anonymous(descriptorType.timer),
  SYSCALL_INOTIFY_INIT_X: anonymous(descriptorType.inotify),
  SYSCALL_INOTIFY_INIT1_X: anonymous(descriptorType.inotify, 1),
  SYSCALL_EPOLL_CREATE_X: anonymous(descriptorType.eventpoll),
  SYSCALL_EPOLL_CREATE1_X: anonymous(descriptorType.eventpoll),
  SYSCALL_BPF_2_X: anonymous(descriptorType.bpf),
  SYSCALL_USERFAULTFD_X: anonymous(descriptorType.userfault),
  SYSCALL_IO_URING_SETUP_X: anonymous(descriptorType.ioUring),
  SYSCALL_MEMFD_CREATE_X: memory,
  SYSCALL_PIDFD_OPEN_X: processDescriptor,
  SYSCALL_FCHMOD_X: changedFile,
  SYSCALL_FCHOWN_X: changedFile,
  SYSCALL_COPY_FILE_RANGE_X: copyRange,
};
