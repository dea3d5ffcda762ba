import { defineHostTable } from '../table.ts';
import { askedPids } from '../asked-pids.ts';
import { readDescriptors } from '../proc/descriptors.ts';

export const table = defineHostTable({
  id: 'process_open_files',
  title: 'Files that processes hold open',
  description: 'From `/proc/PID/fd`: what has a path. Sockets and pipes have tables of their own.',
  columns: { pid: 'bigint', fd: 'bigint', path: 'text' },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    for (const pid of askedPids(context, constraints)) {
      for (const { number: fd, target: path } of readDescriptors(context.proc, pid)) {
        if (path.startsWith('/')) yield { pid, fd, path };
      }
    }
  },
});
