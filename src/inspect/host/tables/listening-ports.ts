import { defineHostTable } from '../table.ts';
import { readOwnedSockets, socketNumbers, type OwnedSocket } from '../socket-owners.ts';

export const table = defineHostTable({
  id: 'listening_ports',
  title: 'Sockets that wait for others',
  description:
    'TCP sockets that listen, UDP and raw sockets without a peer, and UNIX sockets with a path, of every network namespace. Of UNIX sockets `socket` is the inode, which osquery leaves at 0.',
  columns: {
    pid: 'integer',
    port: 'integer',
    protocol: 'integer',
    family: 'integer',
    address: 'text',
    fd: 'bigint',
    socket: 'bigint',
    path: 'text',
    net_namespace: 'text',
  },
  needs: 'live',
  *rows(context) {
    for (const socket of readOwnedSockets(context)) {
      if (!isWaiting(socket)) continue;
      yield {
        pid: socket.pid,
        port: socket.localPort,
        ...socketNumbers(socket),
        address: socket.localAddress,
        fd: socket.fd,
        socket: socket.inode,
        path: socket.path,
        net_namespace: String(socket.namespace),
      };
    }
  },
});

function isWaiting({ protocol, state, remotePort, path }: OwnedSocket): boolean {
  if (protocol === 'tcp') return state === 'LISTEN';
  if (protocol === 'unix') return path !== '';
  return protocol !== 'packet' && remotePort === 0;
}
