import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'no-memory-limit',
  title: 'container without a limit for memory',
  severity: 'info',
  why: 'A container that goes wild, or mines coins, takes all memory of the host, and the kernel then kills other programs.',
  fix: 'set `--memory` (`limits.memory`)',
  vanishes: 'a limit for memory were set',
  references: cis('5.11'),
  guide: ['C04'],
  attack: ['T1499'],
  *workload({ memoryLimit, role, at }) {
    if (role === 'ephemeral' || (memoryLimit?.value ?? 0) > 0) return;
    yield { at: memoryLimit?.at ?? at, what: 'has no limit for memory' };
  },
});
