import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'writable-root',
  title: 'container that can change its own programs',
  severity: 'low',
  why: 'An attacker inside can leave tools, change programs and hide; with a read-only root only the mounted places are left.',
  fix: 'set `--read-only` (`read_only: true`, `readOnlyRootFilesystem: true`), and mount a tmpfs where it must write',
  vanishes: 'the root file system were read-only',
  references: cis('5.13'),
  guide: ['C04'],
  attack: ['T1554'],
  *workload({ readOnlyRoot, at }) {
    if (readOnlyRoot?.value !== true) yield { at: readOnlyRoot?.at ?? at, what: 'can write to its root file system' };
  },
});
