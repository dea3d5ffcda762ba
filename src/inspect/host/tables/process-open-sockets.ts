import { defineHostTable } from '../table.ts';
import { readOwnedSockets, socketNumbers } from '../socket-owners.ts';

export const table = defineHostTable({
  id: 'process_open_sockets',
  title: 'Sockets and who holds them',
  description:
    'From `/proc/PID/net` of every network namespace, so those of containers too: TCP, UDP, raw, packet and UNIX sockets. `pid` is -1 when nobody holds one any more.',
  columns: {
    pid: 'integer',
    fd: 'bigint',
    socket: 'bigint',
    family: 'integer',
    protocol: 'integer',
    local_address: 'text',
    remote_address: 'text',
    local_port: 'integer',
    remote_port: 'integer',
    path: 'text',
    state: 'text',
    net_namespace: 'text',
  },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    for (const socket of readOwnedSockets(context)) {
      if (!constraints.allows('pid', socket.pid)) continue;
      yield {
        pid: socket.pid,
        fd: socket.fd,
        socket: socket.inode,
        ...socketNumbers(socket),
        local_address: socket.localAddress,
        remote_address: socket.remoteAddress,
        local_port: socket.localPort,
        remote_port: socket.remotePort,
        path: socket.path,
        state: socket.state,
        net_namespace: String(socket.namespace),
      };
    }
  },
});
