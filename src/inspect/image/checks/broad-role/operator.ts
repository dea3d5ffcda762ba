import type { Fault, Scene } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import type { ClusterObject } from '../../inputs/kubernetes/object.ts';

/** What an operator seldom needs: each is told by itself. */
const seldom = /may (?:give itself other rights|act as others|talk to the kubelet)/;

/**
 * An operator starts pods and reads secrets for the objects that it looks after: one fault of low severity tells of that, and all that it
 * may. What leads past every bound stays as it is.
 */
export function asOperator(faults: readonly Fault[], own: readonly string[]): Fault[] {
  const isOrdinary = ({ what, severity }: Fault): boolean => severity === undefined && !seldom.test(what);
  const ordinary = faults.filter(isOrdinary);
  const [first] = ordinary;
  if (first === undefined) return [...faults];
  const ways = [...new Set(ordinary.map(({ what }) => what.replace(/^may /, '')))];
  const groups = own.slice(0, 3).join(', ');
  return [
    ...faults.filter((fault) => !isOrdinary(fault)),
    {
      at: first.at,
      what: `may ${ways.join(', ')}, as the operator of ${groups}`,
      severity: 'low',
      reasons: [{ what: 'ordinary for an operator', value: `it writes the state of its own objects (${groups})` }],
    },
  ];
}

interface Accounts {
  /** Accounts that a role is bound to, by the role. */
  readonly byRole: ReadonlyMap<string, ReadonlySet<string>>;
  /** API groups of their own that accounts look after. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Counted once for all roles of a scene. */
const known = new WeakMap<Scene, Accounts>();

/**
 * The API groups of its own that the account of a role looks after, by this role or another one that it is bound to; none when the role is
 * no operator's, or is given to somebody else too.
 */
export function groupsOfOperator(role: ClusterObject, scene: Scene): string[] {
  const { byRole, groups } = accountsOf(scene);
  const bound = [...(byRole.get(roleKey(role)) ?? [])];
  if (bound.length === 0) return [...groupsOf(role)];
  if (!bound.every((account) => groups.has(account))) return [];
  return [...new Set(bound.flatMap((account) => [...(groups.get(account) ?? [])]))];
}

function accountsOf(scene: Scene): Accounts {
  const before = known.get(scene);
  if (before !== undefined) return before;
  const byRole = new Map<string, Set<string>>();
  for (const binding of scene.objects) {
    if (!/^(?:Cluster)?RoleBinding$/.test(binding.kind)) continue;
    const key = boundKey(binding);
    const accounts = byRole.get(key) ?? new Set();
    byRole.set(key, accounts);
    for (const subject of binding.root.get('subjects').items()) accounts.add(accountKey(subject, binding));
  }
  const groups = new Map<string, Set<string>>();
  for (const role of scene.objects) {
    if (!/^(?:Cluster)?Role$/.test(role.kind)) continue;
    const own = new Set([...groupsOf(role), ...aggregatedIn(role, scene).flatMap((part) => [...groupsOf(part)])]);
    if (own.size === 0) continue;
    for (const account of byRole.get(roleKey(role)) ?? []) {
      groups.set(account, new Set([...(groups.get(account) ?? []), ...own]));
    }
  }
  const accounts = { byRole, groups };
  known.set(scene, accounts);
  return accounts;
}

/** The roles that the cluster fills another one with, by their labels. */
function aggregatedIn(role: ClusterObject, { objects }: Scene): ClusterObject[] {
  const selectors = role.root.get('aggregationRule', 'clusterRoleSelectors').items();
  if (selectors.length === 0) return [];
  return objects.filter(({ kind, root }) => {
    const labels = root.get('metadata', 'labels');
    return kind === 'ClusterRole' && selectors.some((selector) => isSelected(labels, selector.get('matchLabels')));
  });
}

function isSelected(labels: Cursor, wanted: Cursor): boolean {
  const entries = wanted.entries();
  return entries.length > 0 && entries.every(([key, value]) => labels.get(key).text() === value.text());
}

function roleKey({ kind, name, namespace }: ClusterObject): string {
  return kind === 'Role' ? `Role ${namespace ?? ''} ${name}` : `${kind} ${name}`;
}

function boundKey({ root, namespace }: ClusterObject): string {
  const role = root.get('roleRef');
  const name = role.get('name').text() ?? '';
  return role.get('kind').text() === 'Role' ? `Role ${namespace ?? ''} ${name}` : `ClusterRole ${name}`;
}

function accountKey(subject: Cursor, { namespace }: ClusterObject): string {
  const within = subject.get('namespace').text() ?? namespace ?? '';
  return `${subject.get('kind').text() ?? ''} ${within} ${subject.get('name').text() ?? ''}`;
}

/** Groups of its own whose objects a role may write the state of, which is what a controller does and nobody else. */
function groupsOf({ root }: ClusterObject): Set<string> {
  return new Set(root.get('rules').items().flatMap(groupsLookedAfter));
}

function groupsLookedAfter(rule: Cursor): string[] {
  const [groups, resources, verbs] = ['apiGroups', 'resources', 'verbs'].map((key) =>
    rule
      .get(key)
      .texts()
      .map(({ value }) => value),
  ) as [string[], string[], string[]];
  const writes = verbs.some((verb) => ['*', 'update', 'patch'].includes(verb));
  const state = resources.some((resource) => resource === '*' || /.\/(?:status|finalizers)$/.test(resource));
  return writes && state ? groups.filter((group) => group.includes('.') && !/(?:^|\.)k8s\.io$/.test(group)) : [];
}
