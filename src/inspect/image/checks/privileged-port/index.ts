import { defineCheck } from '../../check.ts';
import { isPublishedOutside } from '../../inputs/workload.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'privileged-port',
  title: 'container that answers on a port of the system',
  severity: 'info',
  why: 'Below 1024 clients expect a service that root started: a container there is taken for the host itself.',
  fix: 'publish it on a port from 1024 on, behind a proxy where the low number is needed',
  vanishes: 'it were published on a port from 1024 on',
  references: cis('5.8'),
  guide: ['C04'],
  attack: [],
  *workload({ ports, origin }) {
    if (origin === 'kubernetes') return;
    const seen = new Set<number>();
    for (const port of ports) {
      const { hostPort } = port;
      if (hostPort <= 0 || hostPort >= 1024 || !isPublishedOutside(port) || seen.has(hostPort)) continue;
      seen.add(hostPort);
      yield { at: port.at, what: `is published on port ${hostPort} of the host` };
    }
  },
});
