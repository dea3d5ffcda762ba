import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'privilege-escalation',
  title: 'container whose processes may gain rights',
  severity: 'low',
  why: 'A set-id program in the image lifts an attacker from a low-privileged user to root.',
  fix: 'set `--security-opt no-new-privileges` (`allowPrivilegeEscalation: false`)',
  vanishes: 'no process could gain rights',
  references: [...cis('5.26'), ...podSecurity('restricted'), ...cisKubernetes('5.2.6')],
  guide: ['C01', 'C09'],
  attack: ['T1548.001'],
  *workload({ noNewPrivileges, privileged, at }, { engine }) {
    if (privileged?.value === true || noNewPrivileges?.value === true || engine?.noNewPrivileges?.value === true) {
      return;
    }
    yield { at: noNewPrivileges?.at ?? at, what: 'may gain rights through set-id programs' };
  },
});
