import { pod, type CheckCase } from '../check-sentences.ts';

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
];
