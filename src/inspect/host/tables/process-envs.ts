import { defineHostTable } from '../table.ts';
import { askedPids } from '../asked-pids.ts';
import { readEnvironment } from '../proc/process.ts';

export const table = defineHostTable({
  id: 'process_envs',
  title: 'Variables that processes were started with',
  description: 'From `/proc/PID/environ`; of other users’ processes for root only.',
  columns: { pid: 'integer', key: 'text', value: 'text' },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    for (const pid of askedPids(context, constraints)) {
      for (const [key, value] of readEnvironment(context.proc, pid)) yield { pid, key, value };
    }
  },
});
