import { defineCheck, type Fault } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

/** Rights that lead to all others: the end of a sentence that begins `may`. */
const ladders: readonly (readonly [resources: readonly string[], verbs: readonly string[], what: string])[] = [
  [['secrets'], ['get', 'list', 'watch'], 'read secrets'],
  [['pods/exec', 'pods/attach'], ['create', 'get'], 'run commands in pods'],
  [
    ['pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs'],
    ['create', 'patch', 'update'],
    'start pods, with any account of the namespace',
  ],
  [['roles', 'clusterroles'], ['escalate', 'bind'], 'give itself other rights'],
  [['rolebindings', 'clusterrolebindings'], ['create', 'patch', 'update'], 'bind roles to anybody'],
  [['users', 'groups', 'serviceaccounts'], ['impersonate'], 'act as others'],
  [['serviceaccounts/token'], ['create'], 'make tokens of other accounts'],
  [['nodes/proxy'], ['get', 'create'], 'talk to the kubelet past the audit'],
];

export const check = defineCheck({
  id: 'broad-role',
  title: 'role that leads to everything',
  severity: 'medium',
  why: 'Whoever takes over a pod has the rights of its account; with these it takes the others one after another.',
  fix: 'name the resources and verbs that are needed, without `*`',
  vanishes: 'the role named only what is needed',
  references: [
    ...docs('https://kubernetes.io/docs/concepts/security/rbac-good-practices/'),
    ...cisKubernetes('5.1.2', '5.1.3', '5.1.4', '5.1.8', '5.1.10', '5.1.13'),
  ],
  guide: ['C04'],
  attack: ['T1078', 'T1098'],
  *object({ kind, group, root, name }) {
    if (group !== 'rbac.authorization.k8s.io' || (kind !== 'Role' && kind !== 'ClusterRole')) return;
    if (name.startsWith('system:')) return;
    for (const rule of root.get('rules').items()) yield* faultsOf(rule, kind);
  },
});

function* faultsOf(rule: Cursor, kind: string): Generator<Fault> {
  const resources = rule
    .get('resources')
    .texts()
    .map(({ value }) => value);
  const verbs = rule
    .get('verbs')
    .texts()
    .map(({ value }) => value);
  const isAll = resources.includes('*');
  const where = kind === 'ClusterRole' ? 'of the cluster' : 'of its namespace';
  if (isAll) {
    const way = verbs.includes('*') ? 'do everything with' : `${verbs.join(', ')}`;
    yield {
      at: rule.place,
      what: `may ${way} all resources ${where}, secrets among them`,
      severity: verbs.includes('*') ? 'critical' : 'high',
    };
    return;
  }
  for (const [names, ways, what] of ladders) {
    const fits =
      names.some((resource) => resources.includes(resource)) &&
      ways.some((verb) => verbs.includes(verb) || verbs.includes('*'));
    if (fits) yield { at: rule.place, what: `may ${what} ${where}` };
  }
}
