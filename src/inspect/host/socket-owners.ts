import { readDescriptors, socketInodeOf } from './proc/descriptors.ts';
import { readSockets, type HostSocket } from './proc/sockets.ts';
import type { TableContext } from './table-context.ts';

/** A socket with one of the descriptors that hold it; `pid` and `fd` are -1 when nobody (or nobody whom we may see) does. */
export interface OwnedSocket extends HostSocket {
  readonly pid: number;
  readonly fd: number;
}

/** Every socket of every network namespace, once for each process that holds it. */
export function* readOwnedSockets({ proc }: TableContext): Generator<OwnedSocket> {
  const pids = proc.pids();
  const holders = new Map<number, { pid: number; fd: number }[]>();
  for (const pid of pids) {
    for (const { number, target } of readDescriptors(proc, pid)) {
      const inode = socketInodeOf(target);
      if (inode === undefined) continue;
      const known = holders.get(inode);
      if (known === undefined) holders.set(inode, [{ pid, fd: number }]);
      else known.push({ pid, fd: number });
    }
  }
  for (const socket of readSockets(proc, pids)) {
    for (const holder of holders.get(socket.inode) ?? [nobody]) yield { ...socket, ...holder };
  }
}

const nobody = { pid: -1, fd: -1 };

/** Address family and protocol as numbers (AF_*, IPPROTO_*), which is how osquery gives them. */
export function socketNumbers(socket: HostSocket): { readonly family: number; readonly protocol: number } {
  const family = { unix: 1, ipv4: 2, ipv6: 10, packet: 17 }[socket.family];
  const protocol = { tcp: 6, udp: 17, raw: socket.number, packet: 0, unix: 0 }[socket.protocol];
  return { family, protocol };
}
