import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'no-resource-requests',
  title: 'container without requests',
  severity: 'info',
  why: 'Without requests (a limit stands in for one) the scheduler cannot tell whether a node has room, and the container is the first to be thrown out.',
  fix: 'set `resources.requests.cpu` and `resources.requests.memory`',
  vanishes: 'requests were set',
  references: docs('https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'),
  guide: ['C04'],
  attack: [],
  *workload({ hasRequests, role, at }) {
    if (hasRequests === undefined || role === 'ephemeral') return;
    if (!hasRequests.cpu) yield { at, what: 'names no request for processor time' };
    if (!hasRequests.memory) yield { at, what: 'names no request for memory' };
  },
});
