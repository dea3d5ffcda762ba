/** Types of file descriptors, by the numbers of the format. */
export const descriptorType = {
  unknown: 0,
  file: 1,
  directory: 2,
  ipv4: 3,
  ipv6: 4,
  ipv4Server: 5,
  ipv6Server: 6,
  pipe: 7,
  unix: 8,
  event: 9,
  unsupported: 10,
  signal: 11,
  eventpoll: 12,
  inotify: 13,
  timer: 14,
  netlink: 15,
  file2: 16,
  bpf: 17,
  userfault: 18,
  ioUring: 19,
  memory: 20,
  pid: 21,
} as const;

/** `fd.type` and `fd.typechar` of each type. */
const names: readonly (readonly [name: string, letter: string])[] = [
  ['<NA>', 'o'],
  ['file', 'f'],
  ['directory', 'd'],
  ['ipv4', '4'],
  ['ipv6', '6'],
  ['ipv4', '2'],
  ['ipv6', '3'],
  ['pipe', 'p'],
  ['unix', 'u'],
  ['event', 'e'],
  ['<NA>', 'X'],
  ['signalfd', 's'],
  ['eventpoll', 'l'],
  ['inotify', 'i'],
  ['timerfd', 't'],
  ['netlink', 'n'],
  ['file', 'f'],
  ['bpf', 'b'],
  ['userfaultfd', 'u'],
  ['io_uring', 'r'],
  ['memfd', 'm'],
  ['pidfd', 'P'],
];

export const typeName = (type: number): string => names[type]?.[0] ?? '<NA>';
export const typeLetter = (type: number): string => names[type]?.[1] ?? 'o';

/** Transport protocols, by the numbers of the format. */
export const transport = { unknown: 0, none: 1, tcp: 2, udp: 3, icmp: 4, raw: 5 } as const;
const transportNames = ['<NA>', '<NA>', 'tcp', 'udp', 'icmp', 'raw'];
export const transportName = (protocol: number): string => transportNames[protocol] ?? '<NA>';

/** Which side of a connection the process is. */
export const role = { none: 0, client: 1, server: 2 } as const;

/** What is known of an open file descriptor. Addresses are raw bytes as Latin-1 text, 4 or 16 of them. */
export class Descriptor {
  type: number;
  /** Path of a file, both ends of a connection, address of a server, path of a UNIX socket. */
  name = '';
  /** The path as the program gave it. */
  rawName = '';
  openFlags = 0;
  sourceAddress = '';
  sourcePort = 0;
  /** Of a server: its own address. */
  destinationAddress = '';
  destinationPort = 0;
  transport: number = transport.unknown;
  role: number = role.none;
  isConnected = false;

  constructor(type: number) {
    this.type = type;
  }

  get isFile(): boolean {
    return this.type === descriptorType.file || this.type === descriptorType.file2;
  }

  /** An internet socket, connected, connecting or listening. */
  get isInternet(): boolean {
    return this.type >= descriptorType.ipv4 && this.type <= descriptorType.ipv6Server;
  }

  get isServer(): boolean {
    return this.type === descriptorType.ipv4Server || this.type === descriptorType.ipv6Server;
  }

  /** An internet socket with two ends. */
  get isConnection(): boolean {
    return this.type === descriptorType.ipv4 || this.type === descriptorType.ipv6;
  }

  /** The protocol as it is shown: a connection has none before it is known who opened it. */
  get shownTransport(): number {
    if (this.isServer) return this.transport;
    if (!this.isConnection) return transport.none;
    return this.role === role.none && this.transport !== transport.raw ? transport.none : this.transport;
  }

  swapEnds(): void {
    [this.sourceAddress, this.destinationAddress] = [this.destinationAddress, this.sourceAddress];
    [this.sourcePort, this.destinationPort] = [this.destinationPort, this.sourcePort];
  }

  copy(): Descriptor {
    return Object.assign(new Descriptor(this.type), this);
  }
}
