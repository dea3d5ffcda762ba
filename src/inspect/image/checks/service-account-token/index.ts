import { defineCheck } from '../../check.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'service-account-token',
  title: 'pod that holds a key to the cluster',
  severity: 'info',
  why: 'The token of the account is mounted into every container unless it is said otherwise; few programs talk to the cluster.',
  fix: 'set `automountServiceAccountToken: false`',
  vanishes: 'the token were not mounted',
  references: [
    ...docs('https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'),
    ...cisKubernetes('5.1.6'),
  ],
  guide: ['C04'],
  attack: ['T1528'],
  *pod({ spec }) {
    const account = spec.get('serviceAccountName');
    if (spec.get('automountServiceAccountToken').flag() === false) return;
    // The default account has no rights of its own.
    if (account.isThere && account.text() !== 'default') {
      yield { at: account.place, what: `mounts the token of the account ${account.text() ?? ''}` };
    }
  },
});
