import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'low-user-id',
  title: 'container whose user may be one of the node',
  severity: 'info',
  why: 'A number that the node uses too owns files there: whoever leaves the container has that user.',
  fix: 'set `runAsUser` and `runAsGroup` to numbers over 10000',
  vanishes: 'user and group were numbers over 10000',
  references: docs('https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'),
  guide: ['C01'],
  attack: [],
  *workload({ origin, role, user, runAsGroup, at }) {
    if (origin !== 'kubernetes' || role === 'ephemeral') return;
    if (isLow(user?.value)) yield { at: user?.at ?? at, what: 'asks for no user over 10000' };
    if (isLow(runAsGroup?.value)) yield { at: runAsGroup?.at ?? at, what: 'asks for no group over 10000' };
  },
});

function isLow(id: string | number | undefined): boolean {
  return !(Number(id ?? 0) > 10_000);
}
