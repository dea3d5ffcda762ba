import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'no-pids-limit',
  title: 'container without a limit for processes',
  severity: 'info',
  why: 'One line of shell that starts itself again and again makes the whole host stand still.',
  fix: 'set `--pids-limit` (`pids_limit`), for instance to 200',
  vanishes: 'a limit for processes were set',
  references: cis('5.29'),
  guide: ['C04'],
  attack: ['T1499'],
  *workload({ origin, pidsLimit, at }) {
    // In Kubernetes the kubelet sets it for the whole node.
    if (origin === 'kubernetes' || (pidsLimit?.value ?? 0) > 0) return;
    yield { at: pidsLimit?.at ?? at, what: 'has no limit for processes' };
  },
});
