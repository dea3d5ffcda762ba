import { defineCheck } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import { citedBy, componentsOf, flagFaults, hasWeakSuite, type Component } from '../_shared/component-flags.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';
import { auditRules, rules } from './rules.ts';

export const check = defineCheck({
  id: 'api-server',
  title: 'API server that asks too little or writes too little down',
  severity: 'medium',
  why: 'All that happens in the cluster goes through it: who gets past it has every secret and every node, and what it does not write down nobody can find later.',
  fix: 'set the flag in /etc/kubernetes/manifests/kube-apiserver.yaml, or in the ClusterConfiguration of kubeadm',
  vanishes: 'the flag were set as recommended',
  references: [
    ...docs('https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/'),
    ...citedBy([...rules, ...auditRules]),
    ...cisKubernetes('1.2.28', '1.2.29'),
  ],
  guide: ['C04', 'C06'],
  attack: ['T1078', 'T1133', 'T1562.012'],
  *pod(pod) {
    for (const server of componentsOf(pod, 'kube-apiserver')) {
      yield* flagFaults(
        server,
        rules.filter((rule) => !isSetElsewhere(server, rule.flag)),
      );
      if (server.flag('audit-log-path') !== undefined) yield* flagFaults(server, auditRules);
      const suites = server.flag('tls-cipher-suites');
      if (suites !== undefined && hasWeakSuite(suites.value)) {
        yield {
          at: suites.at,
          what: 'offers weak ciphers (--tls-cipher-suites)',
          severity: 'low',
          references: cisKubernetes('1.2.29'),
        };
      }
    }
  },
  *object({ kind, group, root }) {
    if (group !== 'apiserver.config.k8s.io' || kind !== 'EncryptionConfiguration') return;
    for (const resource of root.get('resources').items()) {
      const first = resource.get('providers').items()[0];
      if (first !== undefined && holdsSecrets(resource) && first.get('identity').node !== undefined) {
        yield {
          at: first.place,
          what: 'keeps secrets as they are, without encryption (identity comes first)',
          references: cisKubernetes('1.2.28'),
        };
      }
    }
  },
});

/** Files of settings stand in for flags since Kubernetes 1.29. */
function isSetElsewhere(server: Component, flag: string): boolean {
  if (flag === 'authorization-mode') return server.flag('authorization-config') !== undefined;
  if (flag === 'anonymous-auth') return server.flag('authentication-config') !== undefined;
  return flag === 'audit-log-path' && server.flag('audit-webhook-config-file') !== undefined;
}

function holdsSecrets(resource: Cursor): boolean {
  return resource
    .get('resources')
    .texts()
    .some(({ value }) => ['secrets', '*.', '*.*'].includes(value));
}
