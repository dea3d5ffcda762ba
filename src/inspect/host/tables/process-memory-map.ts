import { defineHostTable } from '../table.ts';
import { askedPids } from '../asked-pids.ts';
import { readMemoryMap } from '../proc/memory-map.ts';

export const table = defineHostTable({
  id: 'process_memory_map',
  title: 'What is mapped into processes',
  description: 'From `/proc/PID/maps`; `pseudo` is 1 for `[heap]` and the like.',
  columns: {
    pid: 'integer',
    start: 'text',
    end: 'text',
    permissions: 'text',
    offset: 'bigint',
    device: 'text',
    inode: 'integer',
    path: 'text',
    pseudo: 'integer',
  },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    for (const pid of askedPids(context, constraints)) {
      for (const { start, end, permissions, offset, device, inode, path } of readMemoryMap(context.proc, pid)) {
        const pseudo = path.startsWith('[') ? 1 : 0;
        yield { pid, start: `0x${start}`, end: `0x${end}`, permissions, offset, device, inode, path, pseudo };
      }
    }
  },
});
