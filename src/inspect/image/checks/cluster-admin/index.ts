import { defineCheck } from '../../check.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

const everybody = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
]);

export const check = defineCheck({
  id: 'cluster-admin',
  title: 'account that rules the cluster',
  severity: 'high',
  why: 'Whoever has this account has every secret and every node.',
  fix: 'bind a role that names what is needed',
  vanishes: 'another role were bound',
  references: [...docs('https://kubernetes.io/docs/concepts/security/rbac-good-practices/'), ...cisKubernetes('5.1.1')],
  guide: ['C04'],
  attack: ['T1078', 'T1098'],
  *object({ kind, group, root }) {
    if (group !== 'rbac.authorization.k8s.io' || !kind.endsWith('RoleBinding')) return;
    const role = root.get('roleRef', 'name').text() ?? '';
    for (const subject of root.get('subjects').items()) {
      const who = subject.get('name').text() ?? '';
      if (everybody.has(who) && !role.startsWith('system:')) {
        yield { at: subject.place, what: `gives ${role} to ${who}`, severity: 'critical' };
      } else if (role === 'cluster-admin' && who !== 'system:masters') {
        yield { at: subject.place, what: `gives cluster-admin to ${subject.get('kind').text() ?? ''} ${who}` };
      }
    }
  },
});
