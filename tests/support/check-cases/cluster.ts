import { pod, type CheckCase } from '../check-sentences.ts';

/** A part of the control plane, as kubeadm writes it. */
function component(program: string, flags: readonly string[]): readonly [string, string] {
  return command([program, ...flags]);
}

function command(words: readonly string[]): readonly [string, string] {
  const metadata = { name: 'c', namespace: 'kube-system' };
  return objects({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'c', command: words }] } });
}

function objects(...items: readonly object[]): readonly [string, string] {
  return ['objects.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items })];
}

/** Flags of an API server of which the benchmark asks nothing more. */
const wellSet = [
  '--anonymous-auth=false',
  '--authorization-mode=Node,RBAC',
  '--client-ca-file=/ca',
  '--enable-admission-plugins=NodeRestriction,AlwaysPullImages,EventRateLimit',
  '--kubelet-client-certificate=/c',
  '--kubelet-client-key=/k',
  '--kubelet-certificate-authority=/ca',
  '--audit-log-path=/var/log/audit.log',
  '--audit-policy-file=/p',
  '--audit-log-maxage=30',
  '--audit-log-maxbackup=10',
  '--audit-log-maxsize=100',
  '--service-account-key-file=/k',
  '--etcd-cafile=/ca',
  '--etcd-certfile=/c',
  '--etcd-keyfile=/k',
  '--encryption-provider-config=/e',
  '--tls-cert-file=/c',
  '--tls-private-key-file=/k',
  '--profiling=false',
];

/** Pods. One line for each check and input: what it says, or nothing. */
export const clusterCases: readonly CheckCase[] = [
  ['privileged', pod({}, { securityContext: { privileged: true } }), ['container Pod/p/app is privileged']],
  [
    'git-volume',
    pod({ volumes: [{ name: 'a', gitRepo: { repository: 'https://git.example/a' } }] }),
    ['Pod/p has a volume that its node clones from https://git.example/a'],
  ],
  ['git-volume', pod({ volumes: [{ name: 'a', emptyDir: {} }] }), []],
  [
    'tiller',
    pod({}, { image: 'gcr.io/kubernetes-helm/tiller:v2.16.1' }),
    ['container Pod/p/app starts Tiller (gcr.io/kubernetes-helm/tiller:v2.16.1)'],
  ],
  ['tiller', pod({}, { image: 'registry.example/tiller-docs:1' }), []],
  ['ssh-service', pod({}, { ports: [{ containerPort: 22 }] }), ['Pod/p opens port 22']],
  ['ssh-service', pod({}, { ports: [{ containerPort: 22, protocol: 'UDP' }, { containerPort: 2222 }] }), []],
  [
    'host-path-volume',
    pod({ volumes: [{ name: 'v', hostPath: { path: '/srv' } }] }),
    ['Pod/p has a volume on /srv of its node'],
  ],
  ['host-path-volume', pod({ volumes: [{ name: 'v', emptyDir: {} }] }), []],
  ['host-pid', pod({ hostPID: true }), ['container Pod/p/app shares the processes of the host']],
  ['seccomp-not-set', pod({}), ['container Pod/p/app asks for no seccomp profile']],
  ['seccomp-not-set', pod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }), []],
  ['no-resource-requests', pod({}, { resources: { requests: { cpu: '1', memory: '1Gi' } } }), []],
  [
    'no-resource-requests',
    pod({}, { resources: { requests: { cpu: '1' } } }),
    ['container Pod/p/app names no request for memory'],
  ],
  [
    'host-port',
    pod({}, { ports: [{ containerPort: 80, hostPort: 8080 }] }),
    ['container Pod/p/app takes port 8080 of its node'],
  ],
  ['host-port', pod({}, { ports: [{ containerPort: 80 }] }), []],
  ['unmasked-proc', pod({}, { securityContext: { procMount: 'Unmasked' } }), ['container Pod/p/app sees all of /proc']],
  ['root-user', pod({ securityContext: { runAsNonRoot: true } }), []],
  [
    'low-user-id',
    pod({ securityContext: { runAsUser: 20000, runAsGroup: 100 } }),
    ['container Pod/p/app asks for no group over 10000'],
  ],
  ['low-user-id', pod({ securityContext: { runAsUser: 20000, runAsGroup: 20000 } }), []],
  ['root-group', pod({}), ['container Pod/p/app may be in the group of root']],
  ['root-group', pod({}, { securityContext: { runAsGroup: 5 } }), []],
  ['pod-security', pod({ hostNetwork: true }), ["Pod/p breaks the level baseline: the host's namespaces"]],
  [
    'pod-security',
    pod(
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
      { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
    ),
    [],
  ],
  ['service-account-token', pod({ serviceAccountName: 'a' }), ['Pod/p mounts the token of the account a']],
  ['service-account-token', pod({ serviceAccountName: 'a', automountServiceAccountToken: false }), []],
  ['sudo', pod({}, { command: ['sudo', 'app'] }), ['container Pod/p/app is started by sudo']],
  ['sudo', pod({}, { command: ['app', 'sudo'] }), []],
  [
    'host-aliases',
    pod({ hostAliases: [{ ip: '192.0.2.9', hostnames: ['updates.example', 'cdn.example'] }] }),
    ['Pod/p leads updates.example, cdn.example to 192.0.2.9'],
  ],
  ['host-aliases', pod({ hostAliases: [{ ip: '127.0.0.1', hostnames: ['telemetry.example'] }] }), []],
  [
    'secret-as-variable',
    pod(
      {},
      {
        env: [{ name: 'DB', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }],
        envFrom: [{ secretRef: { name: 'all' } }],
      },
    ),
    ['Pod/p gives app secrets as variables: DB, all of all'],
  ],
  ['secret-as-variable', pod({}, { env: [{ name: 'A', value: 'b' }], envFrom: [{ configMapRef: { name: 'c' } }] }), []],
  ['no-network-policy', pod({}), ['Pod/p stands in the namespace default, for which no network policy is given']],
  [
    'no-network-policy',
    objects(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }] } },
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'n' }, spec: { podSelector: {} } },
    ),
    [],
  ],
  // A policy of another namespace says nothing of this one, one of Cilium for the whole cluster does.
  [
    'no-network-policy',
    objects(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a' }, spec: { containers: [{ name: 'a' }] } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'q', namespace: 'a' }, spec: { containers: [{ name: 'a' }] } },
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'n', namespace: 'b' }, spec: {} },
    ),
    ['Pod/p stands in the namespace a, for which no network policy is given'],
  ],
  [
    'no-network-policy',
    objects(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'a' }] } },
      { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'n' }, spec: {} },
    ),
    [],
  ],
  [
    'outdated-controller',
    pod({}, { image: 'registry.k8s.io/ingress-nginx/controller:v1.11.4@sha256:00' }),
    [
      'container Pod/p/app starts ingress-nginx 1.11.4, in which whoever is in the network of the pods runs programs in the controller, and reads all secrets (CVE-2025-1974, fixed in 1.11.5)',
    ],
  ],
  [
    'outdated-controller',
    pod({}, { image: 'registry.k8s.io/ingress-nginx/controller:v1.10.1' }),
    [
      'container Pod/p/app starts ingress-nginx 1.10.1, in which whoever is in the network of the pods runs programs in the controller, and reads all secrets (CVE-2025-1974, fixed in 1.11.5)',
    ],
  ],
  ['outdated-controller', pod({}, { image: 'registry.k8s.io/ingress-nginx/controller:v1.12.1' }), []],
  ['outdated-controller', pod({}, { image: 'registry.k8s.io/ingress-nginx/controller:v1.13.0' }), []],
  ['outdated-controller', pod({}, { image: 'grafana/grafana:9.1.8' }), []],
  [
    'outdated-controller',
    pod({}, { image: 'grafana/grafana:9.2.3' }),
    [
      'container Pod/p/app starts Grafana 9.2.3, in which requests are answered without a name (CVE-2022-39328, fixed in 9.2.4)',
    ],
  ],
  // Which release a short tag is, nobody knows.
  ['outdated-controller', pod({}, { image: 'mongo:8.0' }), []],
  [
    'exposed-console',
    pod({}, { image: 'jenkins/jenkins:2.440', ports: [{ containerPort: 8080, hostPort: 8080 }] }),
    [
      'container Pod/p/app takes a port of its node for Jenkins, through which anybody may run programs, where strangers are let in',
    ],
  ],
  ['exposed-console', pod({}, { image: 'jenkins/jenkins:2.440', ports: [{ containerPort: 8080 }] }), []],
  [
    'api-server',
    component('kube-apiserver', [...wellSet, '--authorization-mode=AlwaysAllow', '--profiling', 'true']),
    [
      'Pod/c lets everybody do everything (--authorization-mode=AlwaysAllow)',
      'Pod/c does not look at roles (--authorization-mode=AlwaysAllow)',
      'Pod/c does not bound what a node may read (--authorization-mode=AlwaysAllow)',
      'Pod/c tells of its insides (--profiling=true)',
    ],
  ],
  ['api-server', component('kube-apiserver', wellSet), []],
  [
    'api-server',
    component('kube-apiserver', [
      ...wellSet,
      '--insecure-port=8080',
      '--audit-log-maxage=7',
      '--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_CBC_SHA',
    ]),
    [
      'Pod/c answers without asking who it is (--insecure-port=8080)',
      'Pod/c keeps what it writes down for less than 30 days (--audit-log-maxage=7)',
      'Pod/c offers weak ciphers (--tls-cipher-suites)',
    ],
  ],
  // A shell's command is one text, and its last word may be one that leads output away.
  ['api-server', command(['sh', '-c', `exec /usr/local/bin/kube-apiserver ${wellSet.join(' ')} 2>&1`]), []],
  ['api-server', pod({}, { command: ['kube-apiserver-proxy'] }), []],
  [
    'cluster-managers',
    component('kube-controller-manager', ['--bind-address=0.0.0.0', '--profiling=false', '--root-ca-file=/ca']),
    [
      'Pod/c answers on every address of its node (--bind-address=0.0.0.0)',
      'Pod/c does all its work with one account that may do everything (no --use-service-account-credentials)',
      'Pod/c has no key of its own for tokens of accounts (no --service-account-private-key-file)',
    ],
  ],
  ['cluster-managers', component('kube-scheduler', ['--bind-address=127.0.0.1', '--profiling=false']), []],
  [
    'cluster-store',
    component('etcd', [
      '--cert-file=/c',
      '--key-file=/k',
      '--listen-client-urls=https://10.0.0.1:2379,http://10.0.0.1:2380',
    ]),
    [
      'Pod/c answers whoever has no certificate (no --client-cert-auth)',
      'Pod/c listens for what is not encrypted (--listen-client-urls=https://10.0.0.1:2379,http://10.0.0.1:2380)',
      'Pod/c takes in any peer (no --peer-client-cert-auth)',
      'Pod/c talks to its peers in plain text (no --peer-cert-file)',
      'Pod/c talks to its peers in plain text (no --peer-key-file)',
    ],
  ],
  [
    'cluster-store',
    component('etcd', [
      '--client-cert-auth=true',
      '--cert-file=/c',
      '--key-file=/k',
      '--initial-cluster=a=https://10.0.0.1:2380',
      '--listen-client-urls=https://10.0.0.1:2379,http://127.0.0.1:2381',
    ]),
    [],
  ],
  // The etcd of an application is no store of a cluster.
  ['cluster-store', pod({}, { command: ['etcd'] }), []],
];
