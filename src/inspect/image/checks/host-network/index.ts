import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'host-network',
  title: 'container with the network of the host',
  severity: 'high',
  why: 'Such a container sees all traffic and services of the host, those on loopback too.',
  fix: 'take `--net=host` (`hostNetwork: true`) away',
  vanishes: 'the container had a network namespace of its own',
  references: [...cis('5.10'), ...podSecurity('baseline'), ...cisKubernetes('5.2.5')],
  guide: ['C04', 'C05'],
  attack: ['T1040'],
  *workload(workload) {
    const shared = shares(workload, 'network');
    if (shared !== undefined) yield { at: shared.at, what: 'shares the network of the host' };
  },
});
