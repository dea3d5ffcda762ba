import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'external-ip',
  title: 'service that takes an address for itself',
  severity: 'medium',
  why: 'All nodes send what goes to that address to the pods of the service, whoever it belongs to: names, mail and updates of the whole cluster can be taken in so (CVE-2020-8554).',
  fix: 'use a service of the type `LoadBalancer`, and turn on the admission plug-in `DenyServiceExternalIPs`',
  vanishes: 'the service named no `externalIPs`',
  references: docs('https://kubernetes.io/docs/concepts/services-networking/service/#external-ips'),
  guide: ['C03'],
  attack: ['T1557'],
  *object({ kind, group, root }) {
    if (kind !== 'Service' || group !== '') return;
    const [first] = root.get('spec', 'externalIPs').texts();
    if (first !== undefined) yield { at: first.at, what: `takes what goes to ${first.value}` };
  },
});
