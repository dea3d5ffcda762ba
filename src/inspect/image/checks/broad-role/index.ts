import { defineCheck, type Fault } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';
import { asOperator, groupsOfOperator } from './operator.ts';

const rbac = 'rbac.authorization.k8s.io';
const startPods = 'start pods with any account';

/** Rights that lead to all others, with the API group that the resources are of: the end of a sentence that begins `may`. */
const ladders: readonly (readonly [
  group: string,
  resources: readonly string[],
  verbs: readonly string[],
  what: string,
])[] = [
  ['', ['secrets'], ['get', 'list', 'watch'], 'read secrets'],
  ['', ['pods/exec', 'pods/attach'], ['create', 'get'], 'run commands in pods'],
  ['', ['pods/ephemeralcontainers'], ['patch', 'update'], 'run commands in pods'],
  ['', ['pods/portforward'], ['create', 'get'], 'reach every port of pods'],
  ['', ['persistentvolumes'], ['create'], 'mount any folder of the nodes'],
  ['', ['namespaces'], ['patch', 'update'], 'take the rules of pod security from namespaces'],
  ['', ['pods'], ['create', 'patch', 'update'], startPods],
  ['', ['replicationcontrollers'], ['create', 'patch', 'update'], startPods],
  ['apps', ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], ['create', 'patch', 'update'], startPods],
  ['extensions', ['deployments', 'daemonsets'], ['create', 'patch', 'update'], startPods],
  ['batch', ['jobs', 'cronjobs'], ['create', 'patch', 'update'], startPods],
  [rbac, ['roles', 'clusterroles'], ['escalate', 'bind'], 'give itself other rights'],
  [rbac, ['rolebindings', 'clusterrolebindings'], ['create', 'patch', 'update'], 'bind roles to anybody'],
  ['', ['users', 'groups', 'serviceaccounts'], ['impersonate'], 'act as others'],
  ['', ['serviceaccounts/token'], ['create'], 'make tokens of other accounts'],
  [
    'certificates.k8s.io',
    ['certificatesigningrequests/approval'],
    ['patch', 'update'],
    'grant certificates that make anybody of its owner',
  ],
  [
    'admissionregistration.k8s.io',
    ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    ['create', 'patch', 'update'],
    'see and change all that is given to the cluster',
  ],
  ['', ['nodes/proxy'], ['get', 'create'], 'talk to the kubelet past the audit'],
];

/** Maps that rule the cluster; rules that name no map reach them too, but half of all operators have such a one. */
const powerfulMaps: Readonly<Record<string, string>> = {
  'aws-auth': 'make anybody of the cloud an administrator of the cluster (aws-auth)',
  coredns: 'lead every name of the cluster elsewhere (coredns)',
};

export const check = defineCheck({
  id: 'broad-role',
  title: 'role that leads to everything',
  severity: 'medium',
  why: 'Whoever takes over a pod has the rights of its account; with these it takes the others one after another.',
  fix: 'name the resources and verbs that are needed, without `*`',
  vanishes: 'the role named only what is needed',
  references: [
    ...docs('https://kubernetes.io/docs/concepts/security/rbac-good-practices/'),
    ...cisKubernetes('5.1.2', '5.1.3', '5.1.4', '5.1.8', '5.1.9', '5.1.10', '5.1.11', '5.1.12', '5.1.13'),
  ],
  guide: ['C04'],
  attack: ['T1078', 'T1098'],
  *object(object, scene) {
    const { kind, group, root, name } = object;
    if (group !== rbac || (kind !== 'Role' && kind !== 'ClusterRole')) return;
    if (name.startsWith('system:')) return;
    const rules = root.get('rules').items();
    const faults = rules.flatMap((rule) => [...faultsOf(rule, kind)]);
    const own = faults.length === 0 ? [] : groupsOfOperator(object, scene);
    yield* own.length === 0 ? faults : asOperator(faults, own);
  },
});

/** What one rule allows. It counts in the API groups that it names: all resources of an operator's own group hold no secrets. */
function* faultsOf(rule: Cursor, kind: string): Generator<Fault> {
  const [groups, resources, verbs] = ['apiGroups', 'resources', 'verbs'].map((key) =>
    rule
      .get(key)
      .texts()
      .map(({ value }) => value),
  ) as [string[], string[], string[]];
  const where = kind === 'ClusterRole' ? 'of the cluster' : 'of its namespace';
  const isOf = (group: string): boolean => groups.length === 0 || groups.includes('*') || groups.includes(group);
  const isAll = resources.includes('*');
  if (isAll && isOf('')) {
    const way = verbs.includes('*') ? 'do everything with' : `${verbs.join(', ')}`;
    yield {
      at: rule.place,
      what: `may ${way} all resources ${where}, secrets among them`,
      severity: verbs.includes('*') ? 'critical' : 'high',
    };
    return;
  }
  // A rule that names objects reaches those only.
  const named = rule
    .get('resourceNames')
    .texts()
    .map(({ value }) => value);
  const isNamed = named.length > 0;
  const told = new Set<string>();
  for (const [group, names, ways, what] of ladders) {
    const fits =
      isOf(group) &&
      (isAll || names.some((resource) => resources.includes(resource))) &&
      ways.some((verb) => verbs.includes(verb) || verbs.includes('*'));
    if (!fits || told.has(what) || (isNamed && what === 'read secrets')) continue;
    told.add(what);
    yield { at: rule.place, what: `may ${what} ${where}` };
  }
  if (
    !isOf('') ||
    !resources.includes('configmaps') ||
    !verbs.some((verb) => ['update', 'patch', '*'].includes(verb))
  ) {
    return;
  }
  for (const [name, what] of Object.entries(powerfulMaps)) {
    if (named.includes(name)) yield { at: rule.place, what: `may ${what}`, severity: 'high' };
  }
}
