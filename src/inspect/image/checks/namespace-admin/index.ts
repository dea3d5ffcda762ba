import { defineCheck } from '../../check.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

/** Roles that every cluster has: all in a namespace, and all but its roles. Both read its secrets and start pods with its accounts. */
const roles: ReadonlySet<string> = new Set(['admin', 'edit']);

export const check = defineCheck({
  id: 'namespace-admin',
  title: 'account that rules a namespace',
  severity: 'low',
  why: 'Whoever has this account reads all secrets of the namespace and has the rights of all its accounts, as he may start pods with them.',
  fix: 'bind a role that names what is needed',
  vanishes: 'another role were bound',
  references: [...docs('https://kubernetes.io/docs/concepts/security/rbac-good-practices/'), ...cisKubernetes('5.1.1')],
  guide: ['C04'],
  attack: ['T1078', 'T1098'],
  *object({ kind, group, root }) {
    if (group !== 'rbac.authorization.k8s.io' || !kind.endsWith('RoleBinding')) return;
    const role = root.get('roleRef', 'name').text() ?? '';
    if (root.get('roleRef', 'kind').text() === 'Role' || !roles.has(role)) return;
    for (const subject of root.get('subjects').items()) {
      const who = subject.get('name').text() ?? '';
      if (who.startsWith('system:')) continue;
      const what = `gives ${role} to ${subject.get('kind').text() ?? ''} ${who}`;
      // Bound in the whole cluster it holds in every namespace, that of the cluster's own programs too.
      if (kind === 'ClusterRoleBinding') {
        yield { at: subject.place, what: `${what} in all namespaces`, severity: 'high' };
      } else yield { at: subject.place, what };
    }
  },
});
