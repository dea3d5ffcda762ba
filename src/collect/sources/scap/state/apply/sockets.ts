import type { ScapRecord } from '../../record.ts';
import { addressOf } from '../../params/sockets.ts';
import { isMapped, isUnspecified, socketName, unmap } from '../addresses.ts';
import { Descriptor, descriptorType, role, transport } from '../descriptor.ts';
import type { Engine, Handler } from '../handler.ts';
import type { Interfaces } from '../interfaces.ts';
import { addDescriptor, editDescriptor, useDescriptor } from './files.ts';

const family = { unix: 1, ipv4: 2, ipv6: 10, netlink: 16 } as const;
const socketType = { stream: 1, datagram: 2, raw: 3 } as const;
const protocol = { ip: 0, icmp: 1, tcp: 6, udp: 17, raw: 255 } as const;
const inProgress = -115;

/** Both ends of a connection as a parameter tells them; `toPath` of a UNIX socket. */
export interface Tuple {
  readonly family: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** Reads a SOCKTUPLE; undefined when it has no or a wrong length. IPv4 inside IPv6 becomes IPv4. */
export function readTuple(record: ScapRecord, index: number): Tuple | undefined {
  const length = record.lengthOf(index);
  const at = record.offsetOf(index);
  const raw = (from: number, size: number): string => record.bytes.toString('latin1', at + from, at + from + size);
  const port = (from: number): number => record.view.getUint16(at + from, record.littleEndian);
  const kind = record.byteAt(index, 0);
  if (kind === family.ipv4 && length === 13) {
    return { family: kind, source: raw(1, 4), sourcePort: port(5), destination: raw(7, 4), destinationPort: port(11) };
  }
  if (kind === family.ipv6 && length === 37) {
    const [source, destination] = [raw(1, 16), raw(19, 16)];
    const ports = { sourcePort: port(17), destinationPort: port(35) };
    const isIpv4 = isMapped(source) && isMapped(destination);
    return isIpv4
      ? { family: family.ipv4, source: unmap(source), destination: unmap(destination), ...ports }
      : { family: kind, source, destination, ...ports };
  }
  return kind === family.unix && length > 17
    ? { family: kind, source: '', sourcePort: 0, destination: '', destinationPort: 0 }
    : undefined;
}

/** Path behind the two kernel addresses of a UNIX socket, as a program would be shown them. */
function unixName(record: ScapRecord, index: number): string {
  const data = record.data(index);
  if (data.length <= 17) return '';
  const hex = (from: number): string =>
    record.view.getBigUint64(record.offsetOf(index) + from, record.littleEndian).toString(16);
  return `${hex(1)}->${hex(9)} ${unixPath(data)}`;
}

function unixPath(data: Buffer): string {
  const end = data.indexOf(0, 17);
  return data.toString('utf8', 17, end < 0 ? data.length : end);
}

function transportOf(type: number, number: number): number {
  const isRaw = (type & 0xff) === socketType.raw;
  switch (number) {
    case protocol.tcp:
      return isRaw ? transport.raw : transport.tcp;
    case protocol.udp:
      return isRaw ? transport.raw : transport.udp;
    case protocol.icmp:
      return isRaw ? transport.raw : transport.icmp;
    case protocol.raw:
      return transport.raw;
    case protocol.ip:
      if ((type & 0xff) === socketType.stream) return transport.tcp;
      return (type & 0xff) === socketType.datagram ? transport.udp : transport.unknown;
    default:
      return transport.unknown;
  }
}

function addSocket(record: ScapRecord, engine: Engine, fd: number, domain: number, type: number, number: number): void {
  const types: Readonly<Record<number, number>> = {
    [family.unix]: descriptorType.unix,
    [family.ipv4]: descriptorType.ipv4,
    [family.ipv6]: descriptorType.ipv6,
    [family.netlink]: descriptorType.netlink,
  };
  const descriptor = new Descriptor(types[domain] ?? descriptorType.unknown);
  if (descriptor.isInternet) descriptor.transport = transportOf(type, number);
  addDescriptor(record, engine, fd, descriptor);
}

const socket: Handler = (record, engine) => {
  const fd = record.int(0);
  const from = engine.enterOf(record) ?? (record.parameterCount > 3 ? record : undefined);
  if (!(fd >= 0) || from === undefined) return;
  const first = from === record ? 1 : 0;
  addSocket(record, engine, fd, from.uint(first), from.uint(first + 1), from.uint(first + 2));
};

/** A datagram that is sent through a descriptor of which nothing is known: it must be a socket. */
const sendEnter: Handler = (record, engine) => {
  const { thread } = record;
  const kind = record.byteAt(2, 0);
  if (record.descriptor !== undefined || thread === undefined || !(thread.lastFd >= 0)) return;
  if (kind === family.ipv4 || kind === family.ipv6) {
    addSocket(record, engine, thread.lastFd, kind, socketType.datagram, protocol.udp);
  }
};

const bind: Handler = (record, engine) => {
  if (!(record.int(0) >= 0) || record.lengthOf(1) === 0) return;
  const descriptor = editDescriptor(record, engine);
  if (descriptor === undefined) return;
  descriptor.name = addressOf(record, 1);
  const address = readAddress(record, 1);
  // Without a port nothing can be heard there: the socket is no server yet.
  if (address === undefined || address.port === 0) return;
  descriptor.type = address.raw.length === 4 ? descriptorType.ipv4Server : descriptorType.ipv6Server;
  descriptor.destinationAddress = address.raw;
  descriptor.destinationPort = address.port;
  descriptor.sourceAddress = '';
  descriptor.sourcePort = 0;
  descriptor.role = role.server;
};

/** Reads an internet SOCKADDR; undefined for others. IPv4 inside IPv6 becomes IPv4. */
function readAddress(record: ScapRecord, index: number): { raw: string; port: number } | undefined {
  const at = record.offsetOf(index);
  const kind = record.byteAt(index, 0);
  const size = kind === family.ipv4 ? 4 : 16;
  if ((kind !== family.ipv4 && kind !== family.ipv6) || record.lengthOf(index) !== 1 + size + 2) return undefined;
  const raw = record.bytes.toString('latin1', at + 1, at + 1 + size);
  const port = record.view.getUint16(at + 1 + size, record.littleEndian);
  return { raw: isMapped(raw) ? unmap(raw) : raw, port };
}

/** The other end is known before the call returns. */
const connectEnter: Handler = (record, engine) => {
  if (record.descriptor === undefined || record.lengthOf(1) === 0) return;
  const descriptor = editDescriptor(record, engine);
  const address = readAddress(record, 1);
  if (descriptor === undefined) return;
  if (address === undefined) {
    if (record.byteAt(1, 0) === family.unix) descriptor.name = addressOf(record, 1);
    return;
  }
  descriptor.type = address.raw.length === 4 ? descriptorType.ipv4 : descriptorType.ipv6;
  descriptor.destinationAddress = address.raw;
  descriptor.destinationPort = address.port;
};

const connect: Handler = (record, engine) => {
  const { thread } = record;
  if (thread === undefined) return;
  let isStale = false;
  if (record.descriptor === undefined && record.parameterCount > 2 && record.int(2) >= 0) {
    useDescriptor(record, engine, thread, record.fd(2));
    isStale = true;
  }
  const result = record.int(0);
  if (record.descriptor === undefined || (result < 0 && result !== inProgress)) return;
  const descriptor = editDescriptor(record, engine);
  if (descriptor === undefined) return;
  descriptor.isConnected = true;
  const tuple = readTuple(record, 1);
  if (tuple === undefined) return;
  const hasChanged = takeTuple(descriptor, tuple, isStale);
  if (hasChanged && descriptor.role === role.server && descriptor.transport === transport.udp) descriptor.swapEnds();
  descriptor.name = socketName(descriptor) ?? unixName(record, 1);
  if (descriptor.role === role.none) descriptor.role = role.client;
};

const accept: Handler = (record, engine) => {
  const { thread } = record;
  const fd = record.int(0);
  if (thread === undefined || !(fd >= 0)) return;
  thread.lastFd = fd;
  const tuple = readTuple(record, 1);
  if (tuple === undefined) return;
  const descriptor = new Descriptor(descriptorType.unix);
  takeTuple(descriptor, tuple, true);
  if (descriptor.isInternet) descriptor.transport = transport.tcp;
  descriptor.name = socketName(descriptor) ?? unixName(record, 1);
  descriptor.role = role.server;
  descriptor.isConnected = true;
  addDescriptor(record, engine, fd, descriptor);
};

/** Sets both ends. A destination that is known stays, unless it is to be replaced. True when something changed. */
function takeTuple(descriptor: Descriptor, tuple: Tuple, replacesDestination: boolean): boolean {
  if (tuple.family === family.unix) {
    descriptor.type = descriptorType.unix;
    return true;
  }
  const type = tuple.family === family.ipv4 ? descriptorType.ipv4 : descriptorType.ipv6;
  const isSameType = descriptor.type === type;
  descriptor.type = type;
  if (isSameType && isSameTuple(descriptor, tuple)) return false;
  let hasChanged = false;
  if (descriptor.sourceAddress !== tuple.source || descriptor.sourcePort !== tuple.sourcePort) {
    descriptor.sourceAddress = tuple.source;
    descriptor.sourcePort = tuple.sourcePort;
    hasChanged = true;
  }
  if (isUnspecified(descriptor.destinationAddress) || replacesDestination) {
    hasChanged ||= descriptor.destinationAddress !== tuple.destination;
    descriptor.destinationAddress = tuple.destination;
  }
  if (descriptor.destinationPort === 0 || replacesDestination) {
    hasChanged ||= descriptor.destinationPort !== tuple.destinationPort;
    descriptor.destinationPort = tuple.destinationPort;
  }
  return hasChanged;
}

/** The same two ends, in either direction. */
function isSameTuple(descriptor: Descriptor, tuple: Tuple): boolean {
  const isEnd = (address: string, port: number, other: string, otherPort: number): boolean =>
    address === other && port === otherPort;
  const { sourceAddress, sourcePort, destinationAddress, destinationPort } = descriptor;
  const { source, destination } = tuple;
  return (
    (isEnd(source, tuple.sourcePort, sourceAddress, sourcePort) &&
      isEnd(destination, tuple.destinationPort, destinationAddress, destinationPort)) ||
    (isEnd(destination, tuple.destinationPort, sourceAddress, sourcePort) &&
      isEnd(source, tuple.sourcePort, destinationAddress, destinationPort))
  );
}

/** Where the exit event of a call that sends has both ends, in captures without enter events. */
const exitTuple = 4;
const domain = 53;

/** The other end answers questions for names, and each answer comes as one datagram. */
function isNameServer({ isConnection, transport: protocol, destinationPort }: Descriptor): boolean {
  return destinationPort === domain && isConnection && protocol === transport.udp;
}

/** Reading and writing: datagrams name the other end each time, and whoever talks is connected. */
function transfer(direction: 'in' | 'out', tupleIndex: number, dataIndex = 1): Handler {
  return (record, engine) => {
    const { descriptor, thread } = record;
    if (descriptor === undefined || thread === undefined || !(record.int(0) >= 0)) return;
    if (descriptor.isConnection && !descriptor.isConnected) {
      const changed = editDescriptor(record, engine);
      if (changed !== undefined) changed.isConnected = true;
    }
    if (direction === 'in' && isNameServer(descriptor)) engine.system.names.read(record.data(dataIndex));
    if (tupleIndex < 0) return;
    if (descriptor.name !== '' && descriptor.transport === transport.tcp) return;
    const enter = direction === 'in' ? undefined : engine.enterOf(record);
    const from = enter ?? record;
    const index = direction === 'in' || enter !== undefined ? tupleIndex : exitTuple;
    const tuple = readTuple(from, index);
    if (tuple === undefined) return;
    const changed = editDescriptor(record, engine);
    if (changed === undefined) return;
    updateEnds(changed, tuple, direction, engine.system.interfaces);
    if (tuple.family === family.unix) changed.name = unixName(from, index);
  };
}

function updateEnds(descriptor: Descriptor, tuple: Tuple, direction: 'in' | 'out', interfaces: Interfaces): void {
  if (!takeTuple(descriptor, tuple, false) || !descriptor.isConnection) return;
  // The address of a stream cannot change while it is open.
  if (descriptor.transport === transport.unknown) descriptor.transport = transport.udp;
  completeEnds(descriptor, interfaces);
  if (descriptor.role === role.none) descriptor.role = guessRole(descriptor, direction);
  const isReversed = direction === 'in' ? descriptor.role === role.client : descriptor.role === role.server;
  if (isReversed) descriptor.swapEnds();
  descriptor.name = socketName(descriptor) ?? '';
}

/** A socket that was not bound tells no address of its own: the one of the interface that leads to the other end counts. */
function completeEnds(descriptor: Descriptor, interfaces: Interfaces): void {
  const isSource = isUnspecified(descriptor.sourceAddress);
  if (!isSource && !isUnspecified(descriptor.destinationAddress)) return;
  const other = isSource ? descriptor.destinationAddress : descriptor.sourceAddress;
  const own = interfaces.towards(other);
  if (own === undefined || (own === other && descriptor.sourcePort === descriptor.destinationPort)) return;
  if (isSource) descriptor.sourceAddress = own;
  else descriptor.destinationAddress = own;
}

/** Whoever hears the first word is taken for the server, whoever says it for the client; IPv6 sockets for clients. */
function guessRole(descriptor: Descriptor, direction: 'in' | 'out'): number {
  return direction === 'in' && descriptor.type === descriptorType.ipv4 ? role.server : role.client;
}

const pair: Handler = (record, engine) => {
  if (!(record.int(0) >= 0)) return;
  addDescriptor(record, engine, record.int(1), new Descriptor(descriptorType.unix));
  const { descriptor } = record;
  addDescriptor(record, engine, record.int(2), new Descriptor(descriptorType.unix));
  record.descriptor = descriptor;
};

const options: Handler = (record) => {
  if (record.thread !== undefined && record.parameterCount > 1) record.thread.lastFd = record.fd(1);
};

const plain = [
  ...['READ', 'PREAD'].map((call) => [call, transfer('in', -1)] as const),
  ...['READV', 'PREADV'].map((call) => [call, transfer('in', -1, 2)] as const),
  ...['WRITE', 'WRITEV', 'PWRITE', 'PWRITEV'].map((call) => [call, transfer('out', -1)] as const),
].map(([call, handler]) => [`SYSCALL_${call}_X`, handler] as const);
const accepts = ['ACCEPT', 'ACCEPT_5', 'ACCEPT4', 'ACCEPT4_5', 'ACCEPT4_6'].map(
  (call) => [`SOCKET_${call}_X`, accept] as const,
);

export const socketHandlers: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(plain),
  ...Object.fromEntries(accepts),
  SOCKET_SOCKET_X: socket,
  SOCKET_BIND_X: bind,
  SOCKET_CONNECT_E: connectEnter,
  SOCKET_CONNECT_X: connect,
  SOCKET_SOCKETPAIR_X: pair,
  SOCKET_GETSOCKOPT_X: options,
  SOCKET_SENDTO_E: sendEnter,
  SOCKET_SENDTO_X: transfer('out', 2),
  SOCKET_SENDMSG_X: transfer('out', 2),
  SOCKET_SEND_X: transfer('out', -1),
  SOCKET_RECV_X: transfer('in', -1),
  SOCKET_RECVFROM_X: transfer('in', 2),
  SOCKET_RECVMSG_X: transfer('in', 3, 2),
};
