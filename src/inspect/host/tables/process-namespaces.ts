import { defineHostTable } from '../table.ts';
import { askedPids } from '../asked-pids.ts';

export const table = defineHostTable({
  id: 'process_namespaces',
  title: 'Namespaces of processes',
  description: 'Numbers of the links in `/proc/PID/ns`; empty where the kernel does not show them.',
  columns: {
    pid: 'integer',
    cgroup_namespace: 'text',
    ipc_namespace: 'text',
    mnt_namespace: 'text',
    net_namespace: 'text',
    pid_namespace: 'text',
    user_namespace: 'text',
    uts_namespace: 'text',
  },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    for (const pid of askedPids(context, constraints)) {
      const number = (name: string): string =>
        /\[(?<number>\d+)\]$/.exec(context.proc.link(`${pid}/ns/${name}`) ?? '')?.groups?.['number'] ?? '';
      // A kernel may keep them from whoever may not trace the process: it is there all the same.
      if (!context.proc.exists(`${pid}/ns`)) continue;
      yield {
        pid,
        cgroup_namespace: number('cgroup'),
        ipc_namespace: number('ipc'),
        mnt_namespace: number('mnt'),
        net_namespace: number('net'),
        pid_namespace: number('pid'),
        user_namespace: number('user'),
        uts_namespace: number('uts'),
      };
    }
  },
});
