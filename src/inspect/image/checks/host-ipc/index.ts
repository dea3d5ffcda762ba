import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'host-ipc',
  title: 'container with the shared memory of the host',
  severity: 'medium',
  why: 'Such a container reads and changes the shared memory of programs of the host.',
  fix: 'take `--ipc=host` (`hostIPC: true`) away',
  vanishes: 'the container had a ipc namespace of its own',
  references: [...cis('5.17'), ...podSecurity('baseline'), ...cisKubernetes('5.2.4')],
  guide: ['C04', 'C09'],
  attack: ['T1611'],
  *workload(workload) {
    const shared = shares(workload, 'ipc');
    if (shared !== undefined) yield { at: shared.at, what: 'shares the shared memory of the host' };
  },
});
