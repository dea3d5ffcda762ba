import { defineCheck } from '../../check.ts';
import { citedBy, componentsOf, flagFaults, is, isMissing, isNot, type FlagRule } from '../_shared/component-flags.ts';
import { docs } from '../_shared/references.ts';

const rules: readonly FlagRule[] = [
  {
    flag: 'client-cert-auth',
    cis: '2.2',
    severity: 'high',
    what: 'answers whoever has no certificate',
    isWrong: isNot('true'),
  },
  { flag: 'cert-file', cis: '2.1', severity: 'high', what: 'talks in plain text', isWrong: isMissing },
  { flag: 'key-file', cis: '2.1', severity: 'high', what: 'talks in plain text', isWrong: isMissing },
  {
    flag: 'auto-tls',
    cis: '2.3',
    severity: 'medium',
    what: 'shows a certificate that it made itself',
    isWrong: is('true'),
  },
  {
    flag: 'peer-auto-tls',
    cis: '2.6',
    severity: 'medium',
    what: 'shows its peers a certificate that it made itself',
    isWrong: is('true'),
  },
  {
    flag: 'listen-client-urls',
    cis: '2.1',
    severity: 'high',
    what: 'listens for what is not encrypted',
    isWrong: (value) => (value ?? '').split(',').some(isPlainOutside),
  },
];

/** Asked where there is more than one member, or where it is not said how many there are. */
const peerRules: readonly FlagRule[] = [
  { flag: 'peer-client-cert-auth', cis: '2.5', severity: 'medium', what: 'takes in any peer', isWrong: isNot('true') },
  {
    flag: 'peer-cert-file',
    cis: '2.4',
    severity: 'medium',
    what: 'talks to its peers in plain text',
    isWrong: isMissing,
  },
  {
    flag: 'peer-key-file',
    cis: '2.4',
    severity: 'medium',
    what: 'talks to its peers in plain text',
    isWrong: isMissing,
  },
];

export const check = defineCheck({
  id: 'cluster-store',
  title: 'etcd of a cluster that is too open',
  severity: 'high',
  why: 'All secrets of the cluster are in it, and whoever may write to it gives himself any right, past the API server and its audit.',
  fix: 'set the flag in /etc/kubernetes/manifests/etcd.yaml',
  vanishes: 'etcd asked for certificates, and encrypted what it says',
  references: [...docs('https://etcd.io/docs/latest/op-guide/security/'), ...citedBy([...rules, ...peerRules])],
  guide: ['C04'],
  attack: ['T1552.007', 'T1078'],
  *pod(pod) {
    // An etcd that an application brings along is no store of a cluster.
    if (pod.object.namespace !== 'kube-system') return;
    for (const store of componentsOf(pod, 'etcd')) {
      yield* flagFaults(store, rules);
      const members = store.flag('initial-cluster')?.value.split(',').length ?? 0;
      if (members !== 1) yield* flagFaults(store, peerRules);
    }
  },
});

function isPlainOutside(url: string): boolean {
  return url.startsWith('http://') && !/^http:\/\/(?:127\.|localhost|\[::1\])/.test(url);
}
