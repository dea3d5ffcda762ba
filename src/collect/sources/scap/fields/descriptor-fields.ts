import { parameterText } from '../params/text.ts';
import type { ScapRecord } from '../record.ts';
import { addressText, isMapped } from '../state/addresses.ts';
import { descriptorType, role, transportName, typeLetter, typeName, type Descriptor } from '../state/descriptor.ts';
import { directoryOf, fileNameOf, joinPath } from '../state/paths.ts';
import { flag, list, number, text, type FieldSource } from './field.ts';

/** The descriptor that an event is about; undefined for events that are about none, or when it was never seen. */
export function descriptorOf(record: ScapRecord): Descriptor | undefined {
  if (!record.touchesDescriptors || record.thread === undefined) return undefined;
  const { descriptor, thread, system } = record;
  if (descriptor !== undefined || thread.lastFd === -1) return descriptor;
  return system.threads.tableOf(thread).get(thread.lastFd);
}

const of =
  <V>(get: (descriptor: Descriptor, record: ScapRecord) => V) =>
  (record: ScapRecord): V | undefined => {
    const descriptor = descriptorOf(record);
    return descriptor === undefined ? undefined : get(descriptor, record);
  };

/** What the name of a call's new descriptor would have been, if the call had not failed. Empty for other calls. */
function wantedName(record: ScapRecord): string | undefined {
  if (!record.touchesDescriptors || record.thread === undefined || record.type.isEnter) return undefined;
  switch (record.type.name) {
    case 'open':
    case 'creat':
    case 'accept':
    case 'accept4':
    case 'connect':
      return shown(record, 1);
    case 'openat':
    case 'openat2':
      return record.parameterCount < 3 ? undefined : wantedPath(record);
    case 'open_by_handle_at':
      return record.text(3);
    default:
      return '';
  }
}

function wantedPath(record: ScapRecord): string {
  const name = record.text(2) ?? '';
  return name.startsWith('/') ? joinPath('', name) : shown(record, 2);
}

function shown(record: ScapRecord, index: number): string {
  const { raw, resolved } = parameterText(record, index, record.system);
  return resolved === '' ? raw : resolved;
}

/** A connection that could not be made has no name of its own yet: the one that was wanted counts. */
function hasFailedToConnect(record: ScapRecord): boolean {
  return record.type.key === 'SOCKET_CONNECT_X' && record.int(0) < 0;
}

/** Name of the event's descriptor, or the one that it would have. */
export function nameOf(record: ScapRecord): string | undefined {
  const descriptor = descriptorOf(record);
  return descriptor === undefined || hasFailedToConnect(record) ? wantedName(record) : descriptor.name;
}

function rawNameOf(record: ScapRecord): string | undefined {
  const descriptor = descriptorOf(record);
  if (descriptor !== undefined) return descriptor.rawName.replace(/\/{2,}/g, '/');
  const { name } = record.type;
  return name === 'openat' || name === 'openat2' ? record.text(2) : wantedName(record);
}

function directory(record: ScapRecord): string | undefined {
  const descriptor = descriptorOf(record);
  if (descriptor === undefined) {
    const name = wantedName(record);
    return name === undefined ? undefined : directoryOf(name);
  }
  if (descriptor.isFile) return directoryOf(descriptor.name);
  return descriptor.type === descriptorType.directory ? descriptor.name : undefined;
}

/** Letters for calls that return a new descriptor and failed. */
const wantedLetters: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['open', 'openat', 'openat2', 'creat'].map((call) => [call, 'f'])),
  ...Object.fromEntries(['socket', 'accept', 'accept4'].map((call) => [call, '4'])),
  ...Object.fromEntries(['pipe', 'pipe2'].map((call) => [call, 'p'])),
  ...Object.fromEntries(['eventfd', 'eventfd2'].map((call) => [call, 'e'])),
  ...Object.fromEntries(['signalfd', 'signalfd4'].map((call) => [call, 's'])),
  timerfd_create: 't',
  ...Object.fromEntries(['inotify_init', 'inotify_init1'].map((call) => [call, 'i'])),
};

function letter(record: ScapRecord): string | undefined {
  if (!record.touchesDescriptors || record.thread === undefined) return undefined;
  const descriptor = descriptorOf(record);
  return descriptor === undefined ? (wantedLetters[record.type.name] ?? 'o') : typeLetter(descriptor.type);
}

function address(raw: string): string {
  return addressText(raw);
}

/** Where client and server are known, the address of one of them; a server that only listens has its own. */
function clientAddress(descriptor: Descriptor): string | undefined {
  return descriptor.isConnection && descriptor.role !== role.none ? address(descriptor.sourceAddress) : undefined;
}

function serverAddress(descriptor: Descriptor): string | undefined {
  const isKnown = descriptor.isServer || (descriptor.isConnection && descriptor.role !== role.none);
  return isKnown ? address(descriptor.destinationAddress) : undefined;
}

function clientPort(descriptor: Descriptor): number | undefined {
  return descriptor.isConnection && descriptor.role !== role.none ? descriptor.sourcePort : undefined;
}

function serverPort(descriptor: Descriptor): number | undefined {
  const isKnown = descriptor.isServer || (descriptor.isConnection && descriptor.role !== role.none);
  return isKnown ? descriptor.destinationPort : undefined;
}

/** The address belongs to this machine, or to the container that the process runs in. */
function isLocal(raw: string, record: ScapRecord): boolean {
  const { system, thread } = record;
  const container = system.containers.get(thread?.container ?? '');
  if (container !== undefined) return container.ip === undefined || container.ip === address(raw);
  return system.interfaces.has(raw) || (isMapped(raw) && system.interfaces.has(raw.slice(12)));
}

/** Of both ends, the one on this machine or the other. */
function end(descriptor: Descriptor, record: ScapRecord, wantsLocal: boolean): 'source' | 'destination' | undefined {
  if (!descriptor.isConnection || descriptor.role === role.none) return undefined;
  return isLocal(descriptor.sourceAddress, record) === wantsLocal ? 'source' : 'destination';
}

const endAddress = (wantsLocal: boolean): ((record: ScapRecord) => string | undefined) =>
  of((descriptor, record) => {
    const side = end(descriptor, record, wantsLocal);
    if (side === undefined) return undefined;
    return address(side === 'source' ? descriptor.sourceAddress : descriptor.destinationAddress);
  });

const endName = (wantsLocal: boolean): ((record: ScapRecord) => string | undefined) =>
  of((descriptor, record) => {
    const side = end(descriptor, record, wantsLocal);
    if (side === undefined) return undefined;
    return record.system.names.get(side === 'source' ? descriptor.sourceAddress : descriptor.destinationAddress);
  });

const endPort = (wantsLocal: boolean): ((record: ScapRecord) => number | undefined) =>
  of((descriptor, record) => {
    const side = end(descriptor, record, wantsLocal);
    if (side === undefined) return undefined;
    return side === 'source' ? descriptor.sourcePort : descriptor.destinationPort;
  });

const localPort = endPort(true);
const remotePort = endPort(false);

/** Both ends; of a listening server the one that it has. */
function addresses(descriptor: Descriptor): string[] | undefined {
  if (descriptor.isServer) return [address(descriptor.destinationAddress)];
  if (!descriptor.isConnection) return undefined;
  return [address(descriptor.sourceAddress), address(descriptor.destinationAddress)];
}

function ports(descriptor: Descriptor): number[] | undefined {
  if (descriptor.isServer) return [descriptor.destinationPort];
  return descriptor.isConnection ? [descriptor.sourcePort, descriptor.destinationPort] : undefined;
}

/** An IPv6 socket that is not connected has the unspecified address of its family. */
function destinationOf({ type, destinationAddress }: Descriptor): string {
  return destinationAddress === '' && type === descriptorType.ipv6 ? '\0'.repeat(16) : destinationAddress;
}

function isServer(descriptor: Descriptor, record: ScapRecord): boolean {
  return descriptor.isServer || (descriptor.isConnection && isLocal(destinationOf(descriptor), record));
}

function family(descriptor: Descriptor): string | undefined {
  if (descriptor.isInternet) return 'ip';
  return descriptor.type === descriptorType.unix ? 'unix' : undefined;
}

const fdNumber = (record: ScapRecord): number | undefined =>
  record.touchesDescriptors && record.thread !== undefined ? record.thread.lastFd : undefined;

const inContainer =
  (get: (record: ScapRecord) => string | undefined) =>
  (record: ScapRecord): string | undefined => {
    const value = get(record);
    return value === undefined ? undefined : `${record.thread?.container ?? ''}:${value}`;
  };

export const descriptorFields: Readonly<Record<string, FieldSource>> = {
  'fd.num': number(fdNumber),
  'fd.type': text(of(({ type }) => typeName(type))),
  'fd.typechar': text(letter),
  'fd.name': text(nameOf),
  'fd.nameraw': text(rawNameOf),
  'fd.directory': text(directory),
  'fd.filename': text(of((descriptor) => (descriptor.isFile ? fileNameOf(descriptor.name) : undefined))),
  'fd.ip': list(of(addresses)),
  'fd.net': list(of(addresses)),
  'fd.cip': text(of(clientAddress)),
  'fd.cnet': text(of(clientAddress)),
  'fd.sip': text(of(serverAddress)),
  'fd.snet': text(of(serverAddress)),
  'fd.lip': text(endAddress(true)),
  'fd.lnet': text(endAddress(true)),
  'fd.rip': text(endAddress(false)),
  'fd.rnet': text(endAddress(false)),
  'fd.cip.name': text(
    of((descriptor, { system }) =>
      clientAddress(descriptor) === undefined ? undefined : system.names.get(descriptor.sourceAddress),
    ),
  ),
  'fd.sip.name': text(
    of((descriptor, { system }) =>
      serverAddress(descriptor) === undefined ? undefined : system.names.get(descriptor.destinationAddress),
    ),
  ),
  'fd.lip.name': text(endName(true)),
  'fd.rip.name': text(endName(false)),
  'fd.port': list(of(ports)),
  'fd.cport': number(of(clientPort)),
  'fd.sport': number(of(serverPort)),
  'fd.lport': number(localPort),
  'fd.rport': number(remotePort),
  'fd.proto': list(of((descriptor) => ports(descriptor)?.map(String))),
  'fd.cproto': text(of((descriptor) => clientPort(descriptor)?.toString())),
  'fd.sproto': text(of((descriptor) => serverPort(descriptor)?.toString())),
  'fd.lproto': text((record) => localPort(record)?.toString()),
  'fd.rproto': text((record) => remotePort(record)?.toString()),
  'fd.l4proto': text(of((descriptor) => transportName(descriptor.shownTransport))),
  'fd.sockfamily': text(of(family)),
  'fd.is_server': flag(of(isServer)),
  'fd.uid': text((record) => {
    const fd = fdNumber(record);
    return fd === undefined ? undefined : `${record.tid}${fd}`;
  }),
  'fd.containername': text(inContainer(nameOf)),
  'fd.containerdirectory': text(inContainer(directory)),
  'fd.connected': flag(of(({ isConnected }) => isConnected)),
  'fd.name_changed': flag(
    of((descriptor, record) => record.descriptor !== undefined && descriptor.name !== record.oldName),
  ),
};
