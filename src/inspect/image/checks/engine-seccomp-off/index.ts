import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-seccomp-off',
  title: 'engine without a filter for system calls',
  severity: 'high',
  why: 'Every container may use every system call; most exploits for the kernel begin with one that is rarely needed.',
  fix: 'take `"seccomp-profile": "unconfined"` out of daemon.json',
  vanishes: 'the default profile were used',
  references: cis('2.17'),
  guide: ['C09'],
  attack: ['T1611'],
  *engine({ seccompProfile }) {
    if (seccompProfile?.value === 'unconfined') {
      yield { at: seccompProfile.at, what: 'runs containers without seccomp' };
    }
  },
});
