import { canonicalIp } from '../../../base/ip.ts';
import type { LineReader, Understood } from './record.ts';

/** What `ss` and `netstat` tell of one socket. */
interface Socket {
  /** `tcp`, `udp`, `raw`, …, without the family. */
  readonly transport: string;
  readonly local: End;
  readonly peer: End;
  readonly state: string;
  readonly holders: readonly Holder[];
}
interface End {
  readonly ip: string | null;
  readonly port: number | null;
}
interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** From here on ports are of those who call, on Linux. */
const firstCallerPort = 32_768;
/** Processes that share one socket and are told. */
const maxHolders = 64;
const ssLine =
  /^(?:(?<type>tcp|udp|raw|dccp|sctp|mptcp|icmp6)\s+)?(?<state>[A-Z][A-Z\d-]{2,12})\s+\d+\s+\d+\s+(?<local>\S{1,120}:\S{1,9})\s+(?<peer>\S{1,120}:\S{1,9})(?:\s+(?<rest>.*))?$/;
const netstatLine =
  /^(?<type>tcp|udp|raw|sctp)(?:4|6|46)?\s+\d+\s+\d+\s+(?<local>\S+)\s+(?<peer>\S+)(?:\s+(?<state>[A-Z][A-Z_\d]{2,12}))?(?:\s+\d+\s+\d+)?(?:\s+(?:(?<pid>\d{1,10})\/(?<program>[^\s:]{0,64}).*|-))?\s*$/;
const head = /^(?:Netid\s|State\s+Recv-Q|Proto\s|Active\s)/;

/** The reader of an output of `ss` or `netstat`; undefined for other outputs. */
export function socketReader(name: string): LineReader | undefined {
  if (name.startsWith('ss_-')) return readerWith((text) => readSs(text, name));
  return name.startsWith('netstat_-') ? readerWith(readNetstat) : undefined;
}

function readerWith(read: (text: string) => Socket | undefined): LineReader {
  return (text) => {
    if (head.test(text)) return [];
    const socket = read(text.trim());
    return socket === undefined ? undefined : eventsOf(socket);
  };
}

function readSs(text: string, name: string): Socket | undefined {
  const found = ssLine.exec(text)?.groups;
  // Lists of one protocol do not name it.
  const transport = found?.['type'] ?? (/^ss_-[a-z]*u/.test(name) ? 'udp' : 'tcp');
  if (found === undefined) return undefined;
  const holders = (found['rest'] ?? '').matchAll(/"(?<name>[^"]{0,64})",(?:pid=)?(?<pid>\d{1,10})/g);
  return {
    transport,
    ...endsOf(found, ':'),
    state: (found['state'] ?? '').replaceAll('-', '_'),
    holders: [...holders.take(maxHolders)].map(({ groups }) => ({
      pid: Number(groups?.['pid']),
      name: groups?.['name'] ?? '',
    })),
  };
}

function readNetstat(text: string): Socket | undefined {
  const found = netstatLine.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { pid, program = '', type = '', state = '' } = found;
  // Systems other than Linux write the port behind a dot.
  const sign = /:[^.]*$/.test(found['local'] ?? '') ? ':' : '.';
  const holders = pid === undefined ? [] : [{ pid: Number(pid), name: program.slice(program.lastIndexOf('/') + 1) }];
  return { transport: type, ...endsOf(found, sign), state, holders };
}

function endsOf(found: Readonly<Record<string, string>>, sign: string): Pick<Socket, 'local' | 'peer'> {
  return { local: endOf(found['local'] ?? '', sign), peer: endOf(found['peer'] ?? '', sign) };
}

/** `10.0.0.5:22`, `[fe80::1]%eth0:546`, `127.0.0.53%lo:53`, `:::22`, `*:68`. */
function endOf(text: string, sign: string): End {
  const at = text.lastIndexOf(sign);
  const port = text.slice(at + 1);
  const address = text
    .slice(0, at)
    .replace(/%[\w.-]{1,64}/, '')
    .replaceAll(/[[\]]/g, '');
  return { ip: canonicalIp(address) ?? null, port: /^\d{1,5}$/.test(port) ? Number(port) : null };
}

/** One event for each process that holds the socket; what has no process is told as the list of the machine that it is. */
function eventsOf(socket: Socket): Understood[] {
  const action = actionOf(socket);
  const { local, peer } = action === 'accept' ? { local: socket.peer, peer: socket.local } : socket;
  const ends = {
    source_ip: local.ip,
    source_port: local.port,
    destination_ip: peer.port === null ? null : peer.ip,
    destination_port: peer.port,
    network_transport: socket.transport,
  };
  const fields = socket.state === '' ? {} : { fields: { state: socket.state } };
  if (socket.holders.length === 0) return [{ columns: ends, ...fields }];
  const family = (local.ip ?? '').includes(':') ? 'inet6' : 'inet';
  return socket.holders.map(({ pid, name }) => ({
    kind: 'socket',
    columns: { ...ends, event_action: action, socket_family: family, process_pid: pid, process_name: name },
    ...fields,
  }));
}

/** Which end called is not written: it is the one with a port from the range of callers. */
function actionOf({ state, local, peer }: Socket): string {
  if (state.startsWith('LISTEN')) return 'listen';
  if (peer.port === null) return 'bind';
  const isOurs =
    (local.port ?? 0) >= firstCallerPort || (peer.port < firstCallerPort && (local.port ?? 0) >= peer.port);
  return isOurs ? 'connect' : 'accept';
}
