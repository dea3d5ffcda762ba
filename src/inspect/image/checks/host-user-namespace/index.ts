import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'host-user-namespace',
  title: 'container with the users of the host',
  severity: 'medium',
  why: 'In such a container root inside is root outside although the engine keeps users apart.',
  fix: 'take `--userns=host` away',
  vanishes: 'the container had a user namespace of its own',
  references: cis('5.31'),
  guide: ['C04', 'C09'],
  attack: ['T1611'],
  *workload(workload) {
    const shared = shares(workload, 'user');
    if (shared !== undefined) yield { at: shared.at, what: 'shares the users of the host' };
  },
});
