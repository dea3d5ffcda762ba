import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'host-uts',
  title: 'container with the host name of the host',
  severity: 'low',
  why: 'Such a container can change the name of the host.',
  fix: 'take `--uts=host` away',
  vanishes: 'the container had a uts namespace of its own',
  references: cis('5.21'),
  guide: ['C04', 'C09'],
  attack: ['T1565'],
  *workload(workload) {
    const shared = shares(workload, 'uts');
    if (shared !== undefined) yield { at: shared.at, what: 'shares the host name of the host' };
  },
});
