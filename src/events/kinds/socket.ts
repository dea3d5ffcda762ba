import { actorColumns, connectionColumns, defineKind, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'socket',
  title: 'Socket of a process',
  description: 'A process connected, bound, listened, accepted or sent: the link between a process and the network.',
  columns: {
    ...actorColumns,
    ...connectionColumns,
    event_action: text('`connect`, `bind`, `listen`, `accept`, `send`, `socket`, `dup`.', 'event.action'),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    socket_family: text('`inet`, `inet6`, `unix`, `netlink`, `packet`, …'),
    socket_path: text('Path of a UNIX socket.'),
    syscall: text('System call that did it.'),
    rule_keys: list('Keys of the audit rules that logged it.'),
  },
});
