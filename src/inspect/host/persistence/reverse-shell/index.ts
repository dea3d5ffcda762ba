import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../content/programs.ts';
import type { HeldSocket, LiveHost } from '../../proc/live-host.ts';
import type { HostProcess } from '../../proc/process.ts';
import type { HostSocket } from '../../proc/sockets.ts';
import { processItem } from '../../process-item.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const shells = /^(?:r?bash|sh|dash|ash|zsh|ksh\d*|mksh|csh|tcsh|fish|busybox)$/;
const relays = /^(?:nc|ncat|netcat|nc\.(?:traditional|openbsd)|socat|telnet|openssl|pwncat|cryptcat)$/;
/** They start a program for each connection, with the connection as its input. */
const superServers = /^(?:inetd|xinetd|systemd|tcpserver|tcpd|sshd|sshd-session|in\.\w+|dropbear)$/;

export const technique = defineTechnique({
  id: 'reverse-shell',
  title: 'Shells that talk to the network',
  description:
    'Shells and interpreters whose input and output are a connection, and shells behind a pipe to a relay such as nc that has one. Logins of sshd go through a terminal and do not look so.',
  places: ['/proc/*/fd', '/proc/*/net/{tcp,udp}'],
  attack: ['T1059.004'],
  guide: ['B03', 'B20'],
  references: ['https://attack.mitre.org/techniques/T1059/004/'],
  needs: 'live',
  *find(context) {
    const { live } = context;
    if (live === undefined) return;
    const byProcess = Map.groupBy(live.held(), ({ process }) => process.pid);
    for (const process of live.processes()) {
      const stdio = (byProcess.get(process.pid) ?? []).filter(
        ({ descriptor, socket }) => descriptor <= 2 && isInternet(socket),
      );
      const sign = stdio.length > 0 ? directSign(process, stdio, live) : relaySign(process, byProcess, live);
      if (sign === undefined) continue;
      const socket = stdio[0]?.socket;
      const addresses = socket === undefined ? [] : [`${socket.remoteAddress}:${socket.remotePort}`];
      yield processItem(process, context, { title: 'shell that talks to the network', signs: [sign], addresses });
    }
  },
});

function isInternet({ protocol }: HostSocket): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

function programOf({ executable, argv, name }: HostProcess): string {
  return nameOf(executable ?? argv[0] ?? name);
}

function directSign(process: HostProcess, stdio: readonly HeldSocket[], live: LiveHost): Sign | undefined {
  const program = programOf(process);
  const parent = live.withPid(process.parent);
  if (parent !== undefined && superServers.test(parent.name)) return undefined;
  const numbers = new Set(stdio.map(({ descriptor }) => descriptor));
  const first = stdio[0]?.socket;
  const value = `${[...numbers].join(', ')} on ${first?.protocol} ${first?.localAddress}:${first?.localPort} to ${first?.remoteAddress}:${first?.remotePort}`;
  if (shells.test(program) && (numbers.has(0) || numbers.size > 1)) {
    return { what: 'has a connection as its input and output', value, weight: 0.95 };
  }
  if (isInterpreter(program) && numbers.size === 3) {
    return { what: 'has a connection as its input and output', value, weight: 0.8 };
  }
  return undefined;
}

/** `nc … < fifo | sh > fifo`, and what `socat exec:` does. */
function relaySign(
  process: HostProcess,
  byProcess: ReadonlyMap<number, readonly HeldSocket[]>,
  live: LiveHost,
): Sign | undefined {
  if (!shells.test(programOf(process))) return undefined;
  const pipes = live
    .descriptors(process.pid)
    .filter(({ number, target }) => number <= 2 && /^pipe:|^socket:|^\/(?:tmp|dev\/shm|var\/tmp)\//.test(target));
  if (pipes.length === 0) return undefined;
  // Programs talk to shells through pipes all the time, but not to ones that wait for a person.
  const isInteractive = process.argv.some((word) => /^-[a-z]*i/.test(word));
  for (const [pid, held] of byProcess) {
    const other = live.withPid(pid);
    if (other === undefined || pid === process.pid || !(isInteractive || relays.test(programOf(other)))) continue;
    const connection = held.find(({ socket }) => isInternet(socket))?.socket;
    const isShared =
      live.descriptors(pid).some(({ target }) => pipes.some((pipe) => pipe.target === target)) ||
      process.parent === pid ||
      other.parent === process.pid;
    if (connection !== undefined && isShared) {
      return {
        what: 'is joined to a relay with a connection',
        value: `${other.name} ${pid} to ${connection.remoteAddress}:${connection.remotePort}`,
        weight: 0.85,
      };
    }
  }
  return undefined;
}
