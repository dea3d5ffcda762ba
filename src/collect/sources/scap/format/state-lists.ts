import { isMapped, socketName } from '../state/addresses.ts';
import { containerOf } from '../state/cgroups.ts';
import { Descriptor, descriptorType, role } from '../state/descriptor.ts';
import type { SystemState } from '../state/system.ts';
import { cloneFlag, type Thread } from '../state/thread.ts';
import type { Cursor } from './cursor.ts';
import type { ProcessEntry } from './process-list.ts';

/** Puts a process of the list into the state. */
export function addProcess(entry: ProcessEntry, { threads }: SystemState): void {
  const thread = threads.create(entry.tid);
  thread.pid = entry.pid;
  thread.parent = entry.parent;
  thread.session = entry.session ?? -1;
  thread.group = entry.group ?? -1;
  thread.virtualTid = entry.virtualTid ?? -1;
  thread.virtualPid = entry.virtualPid ?? -1;
  thread.exe = entry.exe;
  thread.path = entry.path;
  thread.setProgram(entry.name, texts(entry.args));
  thread.env = texts(entry.env);
  thread.directory = entry.directory.endsWith('/') ? entry.directory : `${entry.directory}/`;
  thread.root = entry.root;
  thread.fdLimit = entry.fdLimit;
  thread.flags = entry.flags;
  thread.uid = entry.uid;
  thread.gid = entry.gid;
  thread.cgroups = entry.cgroups;
  thread.container = containerOf(entry.cgroups);
  if (!thread.isMain) thread.flags |= cloneFlag.thread | cloneFlag.files;
  addLater(thread, entry);
  threads.add(thread);
}

function addLater(thread: Thread, { more }: ProcessEntry): void {
  if (more === undefined) return;
  thread.tty = more.tty;
  thread.loginUid = more.loginUid;
  thread.inheritable = more.inheritable;
  thread.permitted = more.permitted;
  thread.effective = more.effective;
  thread.exeWritable = more.exeWritable;
  thread.exeUpperLayer = more.exeUpperLayer;
  thread.exeLowerLayer = more.exeLowerLayer;
  thread.exeFromMemfd = more.exeFromMemfd;
  thread.exeInode = more.exeInode;
  thread.exeChanged = more.exeChanged;
  thread.exeModified = more.exeModified;
}

function texts(joined: string): string[] {
  const parts = joined.split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** Reads the descriptors of one process; false when an entry is cut. Those of processes that are not listed are left out. */
export function readDescriptors(list: Cursor, isVersion2: boolean, { threads }: SystemState): boolean {
  const thread = threads.get(list.i64());
  while (list.left >= (isVersion2 ? 21 : 17)) {
    const entry = isVersion2 ? list.take(Math.max(0, list.u32() - 4)) : list;
    const fd = entry.i64();
    entry.i64();
    const descriptor = readDescriptor(entry, entry.u8(), isVersion2);
    if (entry.isCut || list.isCut) return false;
    thread?.table.set(fd, descriptor);
  }
  return true;
}

function readDescriptor(from: Cursor, type: number, hasMore: boolean): Descriptor {
  const descriptor = new Descriptor(type);
  switch (type) {
    case descriptorType.ipv4:
    case descriptorType.ipv6:
      readConnection(descriptor, from, type === descriptorType.ipv4 ? 4 : 16);
      break;
    case descriptorType.ipv4Server:
    case descriptorType.ipv6Server:
      readServer(descriptor, from, type === descriptorType.ipv4Server ? 4 : 16);
      break;
    case descriptorType.unix:
      from.i64();
      from.i64();
      descriptor.name = from.text();
      break;
    case descriptorType.file2:
      descriptor.openFlags = from.u32();
      descriptor.name = from.text();
      if (hasMore && from.left >= 4) from.u32();
      break;
    default:
      descriptor.name = from.text();
  }
  return descriptor;
}

function readConnection(descriptor: Descriptor, from: Cursor, size: number): void {
  descriptor.sourceAddress = from.bytes(size).toString('latin1');
  descriptor.destinationAddress = from.bytes(size).toString('latin1');
  descriptor.sourcePort = from.u16();
  descriptor.destinationPort = from.u16();
  descriptor.transport = from.u8();
  if (isMapped(descriptor.sourceAddress) && isMapped(descriptor.destinationAddress)) {
    descriptor.type = descriptorType.ipv4;
    descriptor.sourceAddress = descriptor.sourceAddress.slice(12);
    descriptor.destinationAddress = descriptor.destinationAddress.slice(12);
  }
  descriptor.name = socketName(descriptor) ?? '';
}

function readServer(descriptor: Descriptor, from: Cursor, size: number): void {
  descriptor.destinationAddress = from.bytes(size).toString('latin1');
  descriptor.destinationPort = from.u16();
  descriptor.transport = from.u8();
  descriptor.role = role.server;
  descriptor.name = socketName(descriptor) ?? '';
}

/**
 * Connections of the list do not say who opened them: those from a port that some process listens on were accepted.
 * Call once, when all descriptors of the list are known.
 */
export function assignRoles({ threads }: SystemState): void {
  const serverPorts = new Set<number>();
  for (const { table } of threads.values()) {
    for (const descriptor of table.entries()) if (descriptor.isServer) serverPorts.add(descriptor.destinationPort);
  }
  for (const { table } of threads.values()) {
    for (const descriptor of table.entries()) {
      if (descriptor.type !== descriptorType.ipv4) continue;
      const isServer = serverPorts.has(descriptor.sourcePort);
      if (isServer) descriptor.swapEnds();
      descriptor.role = isServer ? role.server : role.client;
      descriptor.name = socketName(descriptor) ?? '';
    }
  }
}

/** Reads users and groups of the machine; false when an entry is cut. */
export function readAccounts(list: Cursor, isVersion2: boolean, { accounts }: SystemState): boolean {
  const isUser = 0;
  while (list.left >= (isVersion2 ? 9 : 5)) {
    const entry = isVersion2 ? list.take(Math.max(0, list.u32() - 4)) : list;
    const kind = entry.u8();
    const id = entry.u32();
    if (kind === isUser) {
      entry.u32();
      const account = { id, name: entry.text(), home: entry.text(), shell: entry.text() };
      if (!entry.isCut) accounts.setUser('', account);
    } else {
      const name = entry.text();
      if (!entry.isCut) accounts.setGroup('', id, name);
    }
    if (entry.isCut || list.isCut) return false;
  }
  return true;
}

/** Kinds of interface entries: bytes of an address, and whether the speed of the link follows. */
const interfaceKinds: Readonly<Record<number, readonly [size: number, hasSpeed: boolean]>> = {
  1: [4, true],
  2: [16, true],
  3: [4, false],
  4: [16, false],
};

/** Reads the addresses of the machine's interfaces; false when an entry is cut or unknown. */
export function readInterfaces(list: Cursor, isVersion2: boolean, { interfaces }: SystemState): boolean {
  while (list.left >= (isVersion2 ? 20 : 16)) {
    // Unlike in the other lists, the length does not count itself.
    const entry = isVersion2 ? list.take(list.u32()) : list;
    const kind = interfaceKinds[entry.u16()];
    const nameLength = entry.u16();
    if (kind === undefined) return false;
    const [size, hasSpeed] = kind;
    const address = entry.bytes(size).toString('latin1');
    const mask = entry.bytes(size).toString('latin1');
    entry.bytes(size + (hasSpeed ? 8 : 0) + nameLength);
    if (entry.isCut || list.isCut) return false;
    interfaces.add(address, mask);
  }
  return true;
}

/** Reads the name of the machine. */
export function readMachine(from: Cursor, system: SystemState): void {
  from.u32();
  from.u64();
  from.u64();
  const name = from.bytes(Math.min(128, from.left));
  const end = name.indexOf(0);
  system.hostName = name.toString('utf8', 0, end < 0 ? name.length : end);
}
