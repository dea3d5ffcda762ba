import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

const deleting: ReadonlySet<string> = new Set(['delete', 'deletecollection', '*']);

export const check = defineCheck({
  id: 'traces-role',
  title: 'role that can take away traces',
  severity: 'medium',
  why: 'Events and logs say what was started in the cluster and by whom; whoever takes over a pod with such an account removes what he did from them.',
  fix: 'let no role delete `events` or `pods/log`; send both out of the cluster',
  vanishes: 'the role could not delete events and logs',
  references: docs('https://kubernetes.io/docs/concepts/security/rbac-good-practices/'),
  guide: ['C04'],
  attack: ['T1070'],
  *object({ kind, group, root, name }) {
    if (group !== 'rbac.authorization.k8s.io' || (kind !== 'Role' && kind !== 'ClusterRole')) return;
    if (name.startsWith('system:')) return;
    for (const rule of root.get('rules').items()) {
      const verbs = rule.get('verbs').texts();
      if (!verbs.some(({ value }) => deleting.has(value))) continue;
      const named = new Set(
        rule
          .get('resources')
          .texts()
          .map(({ value }) => value),
      );
      const what = [...(named.has('events') ? ['events'] : []), ...(named.has('pods/log') ? ['logs of pods'] : [])];
      if (what.length > 0) yield { at: rule.place, what: `may delete ${what.join(' and ')}` };
    }
  },
});
