import { holds, is, isMissing, isNot, lacks, type FlagRule } from '../_shared/component-flags.ts';

/** Below what the benchmark asks for, in days, files and MB. */
function below(least: number): FlagRule['isWrong'] {
  return (value) => value === undefined || Number(value) < least;
}

function rule(
  cis: string | undefined,
  flag: string,
  severity: FlagRule['severity'],
  isWrong: FlagRule['isWrong'],
  what: string,
): FlagRule {
  return { cis, flag, severity, isWrong, what };
}

/** Flags of kube-apiserver, the worst first. Those that were taken out of it still stand in manifests of old clusters. */
export const rules: readonly FlagRule[] = [
  rule(
    undefined,
    'insecure-port',
    'critical',
    (value) => value !== undefined && value !== '0',
    'answers without asking who it is',
  ),
  rule(
    undefined,
    'insecure-bind-address',
    'critical',
    (value) => value !== undefined,
    'answers without asking who it is',
  ),
  rule(
    '1.2.6',
    'authorization-mode',
    'critical',
    (value) => value === undefined || holds('AlwaysAllow')(value),
    'lets everybody do everything',
  ),
  rule('1.2.8', 'authorization-mode', 'medium', lacks('RBAC', true), 'does not look at roles'),
  rule('1.2.7', 'authorization-mode', 'low', lacks('Node', true), 'does not bound what a node may read'),
  rule('1.2.1', 'anonymous-auth', 'medium', is('true'), 'takes requests without a name'),
  rule('1.2.1', 'anonymous-auth', 'low', (value) => value === undefined, 'takes requests without a name'),
  rule(undefined, 'basic-auth-file', 'high', (value) => value !== undefined, 'knows passwords from a file'),
  rule(
    '1.2.2',
    'token-auth-file',
    'medium',
    (value) => value !== undefined,
    'knows tokens from a file, which never end',
  ),
  rule(undefined, 'insecure-allow-any-token', 'critical', (value) => value === 'true', 'takes any token'),
  rule('1.2.25', 'client-ca-file', 'medium', isMissing, 'knows nobody by certificate'),
  rule('1.2.10', 'enable-admission-plugins', 'high', holds('AlwaysAdmit'), 'admits everything'),
  rule(
    '1.2.14',
    'enable-admission-plugins',
    'medium',
    lacks('NodeRestriction'),
    'lets a node change what is not its own',
  ),
  rule(
    '1.2.11',
    'enable-admission-plugins',
    'info',
    lacks('AlwaysPullImages'),
    'lets pods start images that are there without asking for the right to pull them',
  ),
  rule('1.2.9', 'enable-admission-plugins', 'info', lacks('EventRateLimit'), 'takes any number of events'),
  rule(
    '1.2.12',
    'disable-admission-plugins',
    'medium',
    holds('ServiceAccount'),
    'does not give pods accounts of their own',
  ),
  rule(
    '1.2.13',
    'disable-admission-plugins',
    'medium',
    holds('NamespaceLifecycle'),
    'takes objects for namespaces that are going away',
  ),
  rule('5.2.1', 'disable-admission-plugins', 'medium', holds('PodSecurity'), 'does not look at Pod Security'),
  rule(undefined, 'kubelet-https', 'high', is('false'), 'talks to nodes in plain text'),
  rule('1.2.4', 'kubelet-client-certificate', 'medium', isMissing, 'comes to nodes without a certificate'),
  rule('1.2.4', 'kubelet-client-key', 'medium', isMissing, 'comes to nodes without a key'),
  rule('1.2.5', 'kubelet-certificate-authority', 'low', isMissing, 'believes whoever answers as a node'),
  rule('1.2.16', 'audit-log-path', 'medium', isMissing, 'writes down nothing of what is asked of it'),
  rule('3.2.1', 'audit-policy-file', 'medium', isMissing, 'has no rules for what is written down, so nothing is'),
  rule('1.2.21', 'service-account-lookup', 'medium', is('false'), 'takes tokens of accounts that were deleted'),
  rule('1.2.22', 'service-account-key-file', 'low', isMissing, 'has no key of its own for tokens of accounts'),
  rule('1.2.26', 'etcd-cafile', 'medium', isMissing, 'believes whoever answers as etcd'),
  rule('1.2.23', 'etcd-certfile', 'medium', isMissing, 'comes to etcd without a certificate'),
  rule('1.2.23', 'etcd-keyfile', 'medium', isMissing, 'comes to etcd without a key'),
  rule('1.2.27', 'encryption-provider-config', 'medium', isMissing, 'keeps secrets in etcd as they are'),
  rule('1.2.24', 'tls-cert-file', 'low', isMissing, 'shows a certificate that it made itself'),
  rule('1.2.24', 'tls-private-key-file', 'low', isMissing, 'has no key for its certificate'),
  rule('1.2.15', 'profiling', 'low', isNot('false'), 'tells of its insides'),
];

/** Asked where a log of the audit is written. */
export const auditRules: readonly FlagRule[] = [
  rule('1.2.17', 'audit-log-maxage', 'low', below(30), 'keeps what it writes down for less than 30 days'),
  rule('1.2.18', 'audit-log-maxbackup', 'low', below(10), 'keeps fewer than 10 files of what it writes down'),
  rule('1.2.19', 'audit-log-maxsize', 'low', below(100), 'ends a file of what it writes down before 100 MB'),
];
