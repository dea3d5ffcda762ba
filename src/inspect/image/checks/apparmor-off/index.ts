import { defineCheck } from '../../check.ts';
import { cis, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'apparmor-off',
  title: 'container without AppArmor',
  severity: 'medium',
  why: 'The default profile keeps the container from mounting and from writing to dangerous parts of /proc and /sys.',
  fix: 'take `apparmor=unconfined` away, or give a profile of its own',
  vanishes: 'AppArmor were not switched off',
  references: [...cis('5.2'), ...podSecurity('baseline')],
  guide: ['C09'],
  attack: ['T1611'],
  *workload({ appArmor, privileged }) {
    // A privileged container has none anyway: that is said elsewhere.
    if (privileged?.value === true || appArmor?.value !== 'unconfined') return;
    yield { at: appArmor.at, what: 'has AppArmor switched off' };
  },
});
