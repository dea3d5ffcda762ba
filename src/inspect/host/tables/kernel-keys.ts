import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'kernel_keys',
  title: 'Keys that the kernel keeps, as far as this program may see them',
  description: 'From `/proc/keys`. `timeout` is as the kernel writes it: `perm`, `expd`, or a number with its unit.',
  columns: {
    serial_number: 'text',
    flags: 'text',
    usage: 'bigint',
    timeout: 'text',
    permissions: 'text',
    uid: 'bigint',
    gid: 'bigint',
    type: 'text',
    description: 'text',
  },
  needs: 'live',
  *rows(context) {
    for (const line of context.lines('/proc/keys')) {
      const [serial_number, flags, usage, timeout, permissions, uid, gid, type, ...rest] = line.trim().split(/\s+/);
      if (serial_number === undefined || type === undefined) continue;
      yield {
        serial_number,
        flags,
        usage: Number(usage),
        timeout,
        permissions,
        uid: Number(uid),
        gid: Number(gid),
        type,
        description: rest.join(' '),
      };
    }
  },
});
