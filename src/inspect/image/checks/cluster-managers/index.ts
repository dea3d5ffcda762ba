import { defineCheck } from '../../check.ts';
import { citedBy, componentsOf, flagFaults, is, isMissing, isNot, type FlagRule } from '../_shared/component-flags.ts';
import { docs } from '../_shared/references.ts';

/** Both have a page of their own, and tell of their insides there. */
const shared: readonly FlagRule[] = [
  {
    flag: 'bind-address',
    cis: '1.3.7',
    severity: 'medium',
    what: 'answers on every address of its node',
    isWrong: isNot('127.0.0.1'),
  },
  { flag: 'profiling', cis: '1.3.2', severity: 'low', what: 'tells of its insides', isWrong: isNot('false') },
];

const controllerRules: readonly FlagRule[] = [
  ...shared,
  {
    flag: 'use-service-account-credentials',
    cis: '1.3.3',
    severity: 'medium',
    what: 'does all its work with one account that may do everything',
    isWrong: isNot('true'),
  },
  {
    flag: 'service-account-private-key-file',
    cis: '1.3.4',
    severity: 'low',
    what: 'has no key of its own for tokens of accounts',
    isWrong: isMissing,
  },
  {
    flag: 'root-ca-file',
    cis: '1.3.5',
    severity: 'low',
    what: 'tells pods no certificate of the API server',
    isWrong: isMissing,
  },
  {
    flag: 'feature-gates',
    cis: '1.3.6',
    severity: 'low',
    what: 'does not renew the certificates of nodes',
    isWrong: (value) => value?.includes('RotateKubeletServerCertificate=false') === true,
  },
];

const schedulerRules: readonly FlagRule[] = [
  ...shared.map((rule) => ({ ...rule, cis: rule.flag === 'profiling' ? '1.4.1' : '1.4.2' })),
  { flag: 'port', severity: 'medium', what: 'answers without asking who it is', isWrong: is('10251') },
];

export const check = defineCheck({
  id: 'cluster-managers',
  title: 'controller manager or scheduler that is too open',
  severity: 'medium',
  why: 'They work with rights over the whole cluster; what they tell of themselves, and whom they answer, helps whoever is after those.',
  fix: 'set the flag in the manifest below /etc/kubernetes/manifests, or in the ClusterConfiguration of kubeadm',
  vanishes: 'the flag were set as recommended',
  references: [
    ...docs('https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/'),
    ...citedBy([...controllerRules, ...schedulerRules]),
  ],
  guide: ['C04'],
  attack: ['T1078', 'T1613'],
  *pod(pod) {
    for (const manager of componentsOf(pod, 'kube-controller-manager')) yield* flagFaults(manager, controllerRules);
    for (const scheduler of componentsOf(pod, 'kube-scheduler')) yield* flagFaults(scheduler, schedulerRules);
  },
});
