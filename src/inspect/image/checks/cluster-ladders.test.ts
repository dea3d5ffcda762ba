import { describe, expect, it } from 'vitest';
import { sentences } from '../../../../tests/support/check-sentences.ts';

function object(kind: string, rest: object, apiVersion = 'rbac.authorization.k8s.io/v1'): readonly [string, string] {
  return ['o.json', JSON.stringify({ apiVersion, kind, metadata: { name: 'o' }, ...rest })];
}

function role(apiGroup: string, resource: string, ...verbs: readonly string[]): readonly [string, string] {
  return object('ClusterRole', { rules: [{ apiGroups: [apiGroup], resources: [resource], verbs }] });
}

function binding(kind: string, roleRef: object, subject: object): readonly [string, string] {
  return object(kind, { roleRef, subjects: [subject] });
}

describe('what leads from one account to others', () => {
  it.each([
    ['', 'pods/ephemeralcontainers', 'patch', 'run commands in pods'],
    ['', 'pods/portforward', 'create', 'reach every port of pods'],
    ['', 'persistentvolumes', 'create', 'mount any folder of the nodes'],
    ['', 'namespaces', 'patch', 'take the rules of pod security from namespaces'],
    ['', 'replicationcontrollers', 'create', 'start pods with any account'],
    ['apps', 'replicasets', 'update', 'start pods with any account'],
    [
      'certificates.k8s.io',
      'certificatesigningrequests/approval',
      'update',
      'grant certificates that make anybody of its owner',
    ],
    [
      'admissionregistration.k8s.io',
      'mutatingwebhookconfigurations',
      'create',
      'see and change all that is given to the cluster',
    ],
  ])('is seen in %s %s %s', (group, resource, verb, what) => {
    expect(sentences('broad-role', role(group, resource, verb))).toEqual([`ClusterRole/o may ${what} of the cluster`]);
    expect(sentences('broad-role', role(group, resource, 'list'))).toEqual([]);
    expect(sentences('broad-role', role('shop.example', resource, verb))).toEqual([]);
  });

  const ci = { kind: 'ServiceAccount', name: 'ci' };
  it.each([
    ['RoleBinding', { kind: 'ClusterRole', name: 'edit' }, ci, ['RoleBinding/o gives edit to ServiceAccount ci']],
    [
      'ClusterRoleBinding',
      { kind: 'ClusterRole', name: 'admin' },
      ci,
      ['ClusterRoleBinding/o gives admin to ServiceAccount ci in all namespaces'],
    ],
    ['RoleBinding', { kind: 'ClusterRole', name: 'view' }, ci, []],
    // A role of one's own may have any name.
    ['RoleBinding', { kind: 'Role', name: 'admin' }, ci, []],
    ['ClusterRoleBinding', { kind: 'ClusterRole', name: 'admin' }, { kind: 'Group', name: 'system:masters' }, []],
  ] as const)('is seen in a %s of %j to %j', (kind, roleRef, subject, said) => {
    expect(sentences('namespace-admin', binding(kind, roleRef, subject))).toEqual(said);
  });

  it.each([
    [role('', 'pods/log', 'delete'), ['ClusterRole/o may delete logs of pods']],
    [role('', 'events', 'deletecollection'), ['ClusterRole/o may delete events']],
    [role('', 'events', 'create', 'patch'), []],
    [role('', 'pods', 'delete'), []],
  ])('and the deleting of traces in %j', (input, said) => {
    expect(sentences('traces-role', input)).toEqual(said);
  });
});

describe('objects that reach out of their namespace', () => {
  const ingress = (annotations: object): readonly [string, string] => [
    'i.json',
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'o', annotations } }),
  ];

  it.each([
    [
      'external-ip',
      object('Service', { spec: { externalIPs: ['192.0.2.7'] } }, 'v1'),
      ['Service/o takes what goes to 192.0.2.7'],
    ],
    ['external-ip', object('Service', { spec: { type: 'LoadBalancer' } }, 'v1'), []],
    // Another kind of the same name, of an operator.
    ['external-ip', object('Service', { spec: { externalIPs: ['192.0.2.7'] } }, 'serving.knative.dev/v1'), []],
    [
      'ingress-snippet',
      ingress({ 'nginx.ingress.kubernetes.io/configuration-snippet': 'deny all;' }),
      ['Ingress/o writes configuration-snippet into its controller'],
    ],
    ['ingress-snippet', ingress({ 'nginx.ingress.kubernetes.io/rewrite-target': '/' }), []],
  ] as const)('%s of %j', (id, input, said) => {
    expect(sentences(id, input)).toEqual(said);
  });
});
