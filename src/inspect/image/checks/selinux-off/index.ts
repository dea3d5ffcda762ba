import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { shares } from '../../inputs/workload.ts';

export const check = defineCheck({
  id: 'selinux-off',
  title: 'container without SELinux separation',
  severity: 'medium',
  why: 'Without labels a process that leaves the container reads and writes whatever its user may.',
  fix: 'take `label=disable` away',
  vanishes: 'the separation were not switched off',
  references: cis('5.3'),
  guide: ['C09'],
  attack: ['T1611'],
  *workload(workload) {
    const { selinuxDisabled, privileged } = workload;
    // The engine itself switches it off for these: that is said elsewhere.
    const isImplied =
      privileged?.value === true || shares(workload, 'pid') !== undefined || shares(workload, 'ipc') !== undefined;
    if (selinuxDisabled?.value === true && !isImplied) {
      yield { at: selinuxDisabled.at, what: 'has SELinux switched off' };
    }
  },
});
