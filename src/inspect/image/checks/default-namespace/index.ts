import { defineCheck } from '../../check.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

const workloadKinds = new Set([
  'Pod',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

export const check = defineCheck({
  id: 'default-namespace',
  title: 'workload in the default namespace',
  severity: 'info',
  why: 'Rights, quotas and network policies are given by namespace: in the default one everything stands together.',
  fix: 'set `metadata.namespace` to one of its own',
  vanishes: 'it stood in a namespace of its own',
  references: [
    ...docs('https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'),
    ...cisKubernetes('5.7.4'),
  ],
  guide: ['C04'],
  attack: [],
  *object({ kind, namespace, root }) {
    if (namespace === 'default' && workloadKinds.has(kind)) {
      yield { at: root.get('metadata', 'namespace').place, what: 'stands in the default namespace' };
    }
  },
});
