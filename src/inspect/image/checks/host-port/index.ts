import { defineCheck } from '../../check.ts';
import { cisKubernetes, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'host-port',
  title: 'container that takes a port of its node',
  severity: 'medium',
  why: 'The port is open on the node past services and network policies.',
  fix: 'use a Service in place of `hostPort`',
  vanishes: 'no port of the node were taken',
  references: [...podSecurity('baseline'), ...cisKubernetes('5.2.13')],
  guide: ['C04'],
  attack: ['T1190'],
  *workload({ origin, ports }) {
    if (origin !== 'kubernetes') return;
    for (const { hostPort, at } of ports) yield { at, what: `takes port ${hostPort} of its node` };
  },
});
