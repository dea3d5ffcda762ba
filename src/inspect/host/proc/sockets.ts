import { endianness } from 'node:os';
import { formatIp } from '../../../base/ip.ts';
import type { ProcFolder } from './proc-folder.ts';

export type SocketProtocol = 'tcp' | 'udp' | 'raw' | 'packet' | 'unix';

/** One socket of one network namespace, as a file of `/proc/PID/net` lists it. */
export interface HostSocket {
  readonly protocol: SocketProtocol;
  readonly family: 'ipv4' | 'ipv6' | 'packet' | 'unix';
  /** Joins it with `socket:[INODE]` of `/proc/PID/fd`; 0 when nobody holds it any more. */
  readonly inode: number;
  /** Number of the network namespace. */
  readonly namespace: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** `ESTABLISHED`, `LISTEN` … of TCP; of UDP `ESTABLISHED` when it is connected; empty for the rest. */
  readonly state: string;
  readonly uid: number;
  /** Of a UNIX socket; `@` stands before an abstract name. */
  readonly path: string;
  /** Of a packet socket the EtherType that it takes (3 for all), of a raw one the IP protocol. */
  readonly number: number;
}

/** By number, from `include/net/tcp_states.h`. */
const tcpStates = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
];

/** Sockets read of one file: a flood of connections cannot fill the memory. */
const maxLines = 2 ** 20;

/** The number in `net:[4026531840]`; 0 when the process is gone. */
function networkNamespaceOf(proc: ProcFolder, pid: number): number {
  return Number(/^net:\[(?<number>\d{1,16})\]$/.exec(proc.link(`${pid}/ns/net`) ?? '')?.groups?.['number'] ?? 0);
}

/** Sockets of every network namespace that one of the processes lives in. */
export function* readSockets(proc: ProcFolder, pids: readonly number[]): Generator<HostSocket> {
  const seen = new Set<number>();
  for (const pid of pids) {
    const namespace = networkNamespaceOf(proc, pid);
    if (seen.has(namespace)) continue;
    if (!proc.exists(`${pid}/net`)) continue;
    seen.add(namespace);
    yield* readNamespace(proc, pid, namespace);
  }
}

function* readNamespace(proc: ProcFolder, pid: number, namespace: number): Generator<HostSocket> {
  for (const protocol of ['tcp', 'udp', 'raw'] as const) {
    for (const file of [protocol, `${protocol}6`]) {
      for (const line of linesOf(proc, `${pid}/net/${file}`)) {
        const socket = parseInet(line, protocol, namespace);
        if (socket !== undefined) yield socket;
      }
    }
  }
  for (const line of linesOf(proc, `${pid}/net/packet`)) {
    const fields = line.trim().split(/\s+/);
    if (fields.length < 9) continue;
    const at = { number: Number.parseInt(fields[3] ?? '', 16) || 0, uid: Number(fields[7]), inode: Number(fields[8]) };
    yield { ...empty, protocol: 'packet', family: 'packet', namespace, ...at };
  }
  for (const line of linesOf(proc, `${pid}/net/unix`)) {
    const fields = /^\S+: \S+ \S+ (?<flags>\S+) \S+ \S+ +(?<inode>\d+)(?: (?<path>.*))?$/.exec(line)?.groups;
    if (fields === undefined) continue;
    // SO_ACCEPTCON
    const state = (Number.parseInt(fields['flags'] ?? '', 16) & 0x1_0000) !== 0 ? 'LISTEN' : '';
    const at = { state, inode: Number(fields['inode']), path: fields['path'] ?? '' };
    yield { ...empty, protocol: 'unix', family: 'unix', namespace, ...at };
  }
}

const empty = {
  localAddress: '',
  localPort: 0,
  remoteAddress: '',
  remotePort: 0,
  state: '',
  uid: -1,
  path: '',
  number: 0,
};

/** Lines after the heading. */
function linesOf(proc: ProcFolder, path: string): string[] {
  return proc
    .text(path)
    .split('\n', maxLines)
    .slice(1)
    .filter((line) => line !== '');
}

/** `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …` */
function parseInet(line: string, protocol: 'tcp' | 'udp' | 'raw', namespace: number): HostSocket | undefined {
  const fields = line.trim().split(/\s+/);
  const local = parseEndpoint(fields[1]);
  const remote = parseEndpoint(fields[2]);
  if (local === undefined || remote === undefined) return undefined;
  const state = tcpStates[Number.parseInt(fields[3] ?? '', 16)] ?? '';
  const isUnconnected = protocol !== 'tcp' && state !== 'ESTABLISHED';
  return {
    protocol,
    family: local.family,
    inode: Number(fields[9]),
    namespace,
    localAddress: local.address,
    localPort: local.port,
    remoteAddress: remote.address,
    remotePort: remote.port,
    state: isUnconnected ? '' : state,
    uid: Number(fields[7]),
    path: '',
    // The port of a raw socket is the protocol.
    number: protocol === 'raw' ? local.port : 0,
  };
}

/** `0100007F:1F90`: each group of four bytes is one number in the byte order of the machine. */
function parseEndpoint(
  text = '',
): { readonly family: 'ipv4' | 'ipv6'; readonly address: string; readonly port: number } | undefined {
  const parts = /^(?<address>[0-9A-F]{8}|[0-9A-F]{32}):(?<port>[0-9A-F]{4})$/.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const bytes = Buffer.from(parts['address'] ?? '', 'hex');
  if (endianness() === 'LE') bytes.swap32();
  const isIpv4 = bytes.length === 4;
  const address = isIpv4 ? bytes.join('.') : formatIp(BigInt(`0x${bytes.toString('hex')}`));
  return { family: isIpv4 ? 'ipv4' : 'ipv6', address, port: Number.parseInt(parts['port'] ?? '', 16) };
}
