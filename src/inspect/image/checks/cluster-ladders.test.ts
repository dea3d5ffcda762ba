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

it('sees maps that rule the cluster, where a role names them', () => {
  const maps = (resourceNames: readonly string[], ...verbs: readonly string[]): readonly [string, string] =>
    object('Role', { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs, resourceNames }] });
  expect(sentences('broad-role', maps(['aws-auth', 'coredns'], 'patch'))).toEqual([
    'Role/o may make anybody of the cloud an administrator of the cluster (aws-auth)',
    'Role/o may lead every name of the cluster elsewhere (coredns)',
  ]);
  expect(sentences('broad-role', maps(['aws-auth'], 'get'))).toEqual([]);
  expect(sentences('broad-role', maps(['settings'], 'update'))).toEqual([]);
});

describe('the role of an operator', () => {
  const own = { apiGroups: ['shop.example'], resources: ['shops', 'shops/status'], verbs: ['*'] };
  const pods = { apiGroups: ['', 'apps'], resources: ['pods', 'deployments', 'secrets'], verbs: ['get', 'create'] };

  it('is told once, as what an operator does', () => {
    expect(sentences('broad-role', object('ClusterRole', { rules: [own, pods] }))).toEqual([
      'ClusterRole/o may read secrets of the cluster, start pods with any account of the cluster, as the operator of shop.example',
    ]);
  });

  it.each([
    ['without the state of objects of its own', { ...own, resources: ['shops'] }],
    ['with the state of objects of the cluster', { ...own, apiGroups: ['apps'] }],
    ['with the state of objects of the cluster', { ...own, apiGroups: ['networking.k8s.io'] }],
    ['that only reads the state', { ...own, verbs: ['get'] }],
  ])('is any role %s', (_, rule) => {
    expect(sentences('broad-role', object('ClusterRole', { rules: [rule, pods] }))).toHaveLength(2);
  });

  it('is told so for what stands in another role of the same account, unless that is given to others too', () => {
    const rbac = 'rbac.authorization.k8s.io/v1';
    const of = (kind: string, name: string, rest: object): object => ({
      apiVersion: rbac,
      kind,
      metadata: { name },
      ...rest,
    });
    const bind = (role: string, ...accounts: readonly string[]): object =>
      of('ClusterRoleBinding', role, {
        roleRef: { kind: 'ClusterRole', name: role },
        subjects: accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'n' })),
      });
    const roles = [of('ClusterRole', 'own', { rules: [own] }), of('ClusterRole', 'pods', { rules: [pods] })];
    const list = (...bindings: readonly object[]): readonly [string, string] => [
      'l.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...roles, ...bindings] }),
    ];
    expect(sentences('broad-role', list(bind('own', 'op'), bind('pods', 'op')))).toHaveLength(1);
    const whole = of('ClusterRole', 'whole', {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'op' } }] },
    });
    const part = of('ClusterRole', 'part', { rules: [own] });
    const labelled = { ...part, metadata: { name: 'part', labels: { to: 'op' } } };
    expect(sentences('broad-role', list(whole, labelled, bind('whole', 'op'), bind('pods', 'op')))).toHaveLength(1);
    expect(sentences('broad-role', list(whole, part, bind('whole', 'op'), bind('pods', 'op')))).toHaveLength(2);
    expect(sentences('broad-role', list(bind('own', 'op'), bind('pods', 'op', 'ci')))).toHaveLength(2);
    expect(sentences('broad-role', list(bind('own', 'op'), bind('pods', 'ci')))).toHaveLength(2);
  });

  it('hides nothing that leads past every bound', () => {
    const rest = [
      { apiGroups: [''], resources: ['*'], verbs: ['*'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
    ];
    expect(sentences('broad-role', object('ClusterRole', { rules: [own, ...rest] }))).toEqual([
      'ClusterRole/o may do everything with all resources of the cluster, secrets among them',
      'ClusterRole/o may act as others of the cluster',
    ]);
  });
});

describe('a console', () => {
  const dashboard = (labels: object, namespace = 'tools'): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace },
    spec: {
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: 'docker.io/kubernetesui/dashboard:v2.7.0' }] },
      },
    },
  });
  const said = (type: string, workload: object): string[] => {
    const spec = { type, selector: { app: 'd' } };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'tools' }, spec };
    const list = { apiVersion: 'v1', kind: 'List', items: [service, workload] };
    return sentences('exposed-console', ['l.json', JSON.stringify(list)]);
  };

  it('is told where a service opens it to the outside', () => {
    expect(said('LoadBalancer', dashboard({ app: 'd', more: 'x' }))).toEqual([
      'Service/s opens the dashboard of Kubernetes to the outside (LoadBalancer), through which anybody may work with its rights on the cluster',
    ]);
  });

  it('is not, where the service stays inside or sends to others', () => {
    expect(said('ClusterIP', dashboard({ app: 'd' }))).toEqual([]);
    expect(said('NodePort', dashboard({ app: 'e' }))).toEqual([]);
    expect(said('NodePort', dashboard({ app: 'd' }, 'other'))).toEqual([]);
  });
});

describe('settings of a kubelet and of an API server', () => {
  it.each([
    [
      'kubelet-open',
      object(
        'KubeletConfiguration',
        {
          authentication: { anonymous: { enabled: true } },
          readOnlyPort: 10_255,
          streamingConnectionIdleTimeout: '0s',
        },
        'kubelet.config.k8s.io/v1beta1',
      ),
      [
        'KubeletConfiguration/o takes requests without a name (authentication.anonymous.enabled: true)',
        'KubeletConfiguration/o knows nobody by certificate (no authentication.x509.clientCAFile)',
        'KubeletConfiguration/o tells of all pods without asking who it is (readOnlyPort: 10255)',
        'KubeletConfiguration/o never ends idle connections (streamingConnectionIdleTimeout: 0s)',
      ],
    ],
    [
      'kubelet-open',
      object(
        'KubeletConfiguration',
        { authentication: { x509: { clientCAFile: '/ca' } }, streamingConnectionIdleTimeout: '4h' },
        'kubelet.config.k8s.io/v1beta1',
      ),
      [],
    ],
    [
      'api-server',
      object(
        'EncryptionConfiguration',
        { resources: [{ resources: ['secrets'], providers: [{ identity: {} }, { aescbc: {} }] }] },
        'apiserver.config.k8s.io/v1',
      ),
      ['EncryptionConfiguration/o keeps secrets as they are, without encryption (identity comes first)'],
    ],
    [
      'api-server',
      object(
        'EncryptionConfiguration',
        { resources: [{ resources: ['secrets'], providers: [{ secretbox: {} }, { identity: {} }] }] },
        'apiserver.config.k8s.io/v1',
      ),
      [],
    ],
  ] as const)('%s of %j', (id, input, expected) => {
    expect(sentences(id, input)).toEqual(expected);
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
