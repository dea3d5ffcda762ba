import { defineCheck, type Scene } from '../../check.ts';
import type { ClusterObject } from '../../inputs/kubernetes/object.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

/** Policies of the cluster itself and of its networks (Cilium, Calico), by the beginning of their kind. */
const policies = /^(?:Cilium(?:Clusterwide)?|Global|Admin|BaselineAdmin)?NetworkPolicy$/;

export const check = defineCheck({
  id: 'no-network-policy',
  title: 'namespace in which every pod may talk to every other',
  severity: 'info',
  why: 'Without a policy whoever has one pod reaches all others, those of other namespaces too, and the outside.',
  fix: 'add a NetworkPolicy with `podSelector: {}` that allows nothing, and one for each way that is needed',
  vanishes: 'a network policy stood in the namespace',
  references: [
    ...docs('https://kubernetes.io/docs/concepts/services-networking/network-policies/'),
    ...cisKubernetes('5.3.2'),
  ],
  guide: ['C04'],
  attack: ['T1046', 'T1021'],
  *pod({ object }, scene) {
    // Said once for a namespace, where its first workload stands.
    const first = scene.pods.find((pod) => namespaceOf(pod.object) === namespaceOf(object));
    if (first?.object !== object || namespaceOf(object) === 'kube-system' || hasPolicy(namespaceOf(object), scene)) {
      return;
    }
    yield {
      at: object.at,
      what: `stands in the namespace ${namespaceOf(object)}, for which no network policy is given`,
    };
  },
});

function namespaceOf({ namespace }: ClusterObject): string {
  return namespace ?? 'default';
}

function hasPolicy(namespace: string, { objects }: Scene): boolean {
  return objects.some(
    (object) => policies.test(object.kind) && (object.kind !== 'NetworkPolicy' || namespaceOf(object) === namespace),
  );
}
