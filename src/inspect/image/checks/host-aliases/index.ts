import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'host-aliases',
  title: 'names that a pod looks up for itself',
  severity: 'low',
  why: 'They stand in /etc/hosts before any name server is asked: a name can be led to another machine without a trace in DNS.',
  fix: 'use a Service of the kind ExternalName, or the zone of the name server',
  vanishes: 'the pod named no addresses itself',
  references: docs('https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/'),
  guide: ['C04'],
  attack: ['T1565.001'],
  *pod({ spec }) {
    for (const alias of spec.get('hostAliases').items()) {
      const names = alias
        .get('hostnames')
        .texts()
        .map(({ value }) => value)
        .filter((name) => name !== 'localhost');
      const address = alias.get('ip').text() ?? '';
      // Names that lead nowhere are a common way to switch something off.
      if (names.length === 0 || /^(?:127\.|0\.0\.0\.0|::1?$)/.test(address)) continue;
      yield { at: alias.place, what: `leads ${names.slice(0, 5).join(', ')} to ${address}` };
    }
  },
});
