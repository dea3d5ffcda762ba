import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
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
    'Shells and interpreters whose input and output are a connection, shells behind a pipe or a terminal of a relay such as nc or a script that has one, and shells that hold one themselves. Servers of terminals such as sshd are known.',
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
      const own = (byProcess.get(process.pid) ?? []).filter(({ socket }) => isInternet(socket));
      const stdio = own.filter(({ descriptor }) => descriptor <= 2);
      const sign =
        stdio.length > 0
          ? directSign(process, stdio, live)
          : (relaySign(process, byProcess, live) ?? terminalSign(process, byProcess, live) ?? heldSign(process, own));
      if (sign === undefined) continue;
      const socket = (stdio[0] ?? own[0])?.socket;
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

/** They give terminals to people who come over the network. */
const terminalServers =
  /^(?:sshd(?:-session)?|dropbear|in\.\w+|telnetd|mosh-server|ttyd|shellinaboxd|wetty|gotty|code-server|containerd-shim\S*|conmon|dockerd|kubelet|tmux\S*|screen|SCREEN|node|systemd)$/;

/**
 * A shell on a terminal whose other end is held by the process that started it, and that process has a connection: what `pty.spawn` and
 * `socat exec:sh,pty` leave. Servers of terminals are known.
 */
function terminalSign(
  process: HostProcess,
  byProcess: ReadonlyMap<number, readonly HeldSocket[]>,
  live: LiveHost,
): Sign | undefined {
  if (!shells.test(programOf(process))) return undefined;
  const input = live.descriptors(process.pid).find(({ number }) => number === 0)?.target ?? '';
  const parent = live.withPid(process.parent);
  const isOnTerminal = /\/dev\/pts\/\d+$/.test(input);
  if (!isOnTerminal || parent === undefined || terminalServers.test(programOf(parent))) return undefined;
  const holdsEnd = live.descriptors(parent.pid).some(({ target }) => /\/dev\/(?:pts\/)?ptmx$/.test(target));
  const far = (byProcess.get(parent.pid) ?? []).find(
    ({ socket }) => isInternet(socket) && socket.remotePort > 0,
  )?.socket;
  if (!holdsEnd || far === undefined) return undefined;
  return {
    what: 'has a terminal that is joined to a connection',
    value: `${parent.name} ${parent.pid} to ${far.remoteAddress}:${far.remotePort}`,
    weight: 0.85,
  };
}

/** A shell has no connections of its own, but through /dev/tcp. */
function heldSign(process: HostProcess, own: readonly HeldSocket[]): Sign | undefined {
  const far = own.find(({ socket }) => socket.remotePort > 0)?.socket;
  if (far === undefined || !shells.test(programOf(process)) || programOf(process) === 'busybox') return undefined;
  return { what: 'holds a connection', value: `${far.remoteAddress}:${far.remotePort}`, weight: 0.6 };
}
