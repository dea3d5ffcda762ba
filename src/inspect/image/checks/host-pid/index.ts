import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'host-pid',
  title: 'container with the processes of the host',
  severity: 'high',
  why: 'Such a container sees, traces and kills all processes of the host, and reads their environment.',
  fix: 'take `--pid=host` (`hostPID: true`) away',
  vanishes: 'the container had a pid namespace of its own',
  references: [...cis('5.16'), ...podSecurity('baseline'), ...cisKubernetes('5.2.3')],
  guide: ['C04', 'C09'],
  attack: ['T1057'],
  *workload(workload) {
    const shared = shares(workload, 'pid');
    if (shared !== undefined) yield { at: shared.at, what: 'shares the processes of the host' };
  },
});
