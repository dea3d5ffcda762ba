import { defineCheck } from '../../check.ts';
import { cisKubernetes, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'seccomp-not-set',
  title: 'container for which no seccomp profile is asked',
  severity: 'low',
  why: 'Kubernetes runs containers without a filter for system calls unless a profile is asked for, or the kubelet is set to give one.',
  fix: 'set `securityContext.seccompProfile.type: RuntimeDefault` for the pod',
  vanishes: 'a seccomp profile were set',
  references: [...podSecurity('restricted'), ...cisKubernetes('5.7.2')],
  guide: ['C09'],
  attack: ['T1611'],
  *workload({ origin, seccomp, at }) {
    if (origin === 'kubernetes' && seccomp === undefined) yield { at, what: 'asks for no seccomp profile' };
  },
});
