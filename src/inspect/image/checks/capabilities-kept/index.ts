import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'capabilities-kept',
  title: 'container that keeps the default capabilities',
  severity: 'low',
  why: 'Few programs need any of the default capabilities (raw sockets, changing owners, any user id); an attacker inside makes use of them.',
  fix: 'add `--cap-drop ALL` (`cap_drop: [ALL]`, `capabilities.drop: [ALL]`), and add back what is missed',
  vanishes: 'all capabilities were dropped',
  references: [...cis('5.4'), ...podSecurity('restricted'), ...cisKubernetes('5.2.8', '5.2.10')],
  guide: ['C04', 'C09'],
  attack: [],
  *workload({ capDrop, privileged, at }) {
    if (privileged?.value === true || capDrop.some(({ value }) => value === 'ALL')) return;
    yield { at: capDrop[0]?.at ?? at, what: 'does not drop all capabilities' };
  },
});
