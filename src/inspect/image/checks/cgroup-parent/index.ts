import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'cgroup-parent',
  title: 'container in a control group of others',
  severity: 'low',
  why: 'In another control group the limits and the accounting are those of others.',
  fix: 'take `--cgroup-parent` away unless it is meant',
  vanishes: 'the control group were the default one',
  references: cis('5.25'),
  guide: ['C04'],
  attack: [],
  *workload({ cgroupParent }) {
    const parent = cgroupParent?.value ?? '';
    // Engines under systemd name their own slice.
    if (cgroupParent === undefined || /^(?:|docker|\/docker|system\.slice|machine\.slice|user\.slice)$/.test(parent)) {
      return;
    }
    yield { at: cgroupParent.at, what: `is in the control group ${parent}` };
  },
});
