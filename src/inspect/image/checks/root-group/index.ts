import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'root-group',
  title: 'container in the group of root',
  severity: 'info',
  why: 'Files that the group of root may write are open to it, on mounted volumes too.',
  fix: 'set `securityContext.runAsGroup` to a number over 0',
  vanishes: 'it were in another group',
  references: docs('https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'),
  guide: ['C01'],
  attack: [],
  *workload({ origin, runAsGroup, at }) {
    if (origin === 'kubernetes' && (runAsGroup === undefined || runAsGroup.value === 0)) {
      yield { at: runAsGroup?.at ?? at, what: 'may be in the group of root' };
    }
  },
});
