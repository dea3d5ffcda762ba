import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'no-cpu-limit',
  title: 'container without a limit for processor time',
  severity: 'info',
  why: 'A container that goes wild, or mines coins, slows all others down.',
  fix: 'set `--cpus` (`limits.cpu`)',
  vanishes: 'a limit for processor time were set',
  references: cis('5.12'),
  guide: ['C04'],
  attack: ['T1496'],
  *workload({ cpuLimit, role, at }) {
    if (role === 'ephemeral' || (cpuLimit?.value ?? 0) > 0) return;
    yield { at: cpuLimit?.at ?? at, what: 'has no limit for processor time' };
  },
});
