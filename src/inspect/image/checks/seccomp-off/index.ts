import { defineCheck } from '../../check.ts';
import { cis, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'seccomp-off',
  title: 'container without a filter for system calls',
  severity: 'high',
  why: 'Seccomp keeps about fifty rarely needed system calls away from the container; most exploits for the kernel begin with one of them.',
  fix: 'take `seccomp=unconfined` away, or give a profile of its own',
  vanishes: 'seccomp were not switched off',
  references: [...cis('5.22'), ...podSecurity('baseline')],
  guide: ['C09'],
  attack: ['T1611', 'T1068'],
  *workload({ seccomp }) {
    if (seccomp?.value === 'unconfined') yield { at: seccomp.at, what: 'has seccomp switched off' };
  },
});
