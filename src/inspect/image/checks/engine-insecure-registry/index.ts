import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-insecure-registry',
  title: 'registry that is believed without a certificate',
  severity: 'medium',
  why: 'Anybody on the way to the registry hands out images of his own.',
  fix: 'give the registry a certificate, and take it out of `insecure-registries`',
  vanishes: 'the registry were asked over TLS',
  references: cis('2.5'),
  guide: ['C10'],
  attack: ['T1557', 'T1195.002'],
  *engine({ insecureRegistries }) {
    const seen = new Set<string>();
    for (const { value, at } of insecureRegistries) {
      if (seen.has(value) || /^(?:127\.|localhost|::1)/.test(value)) continue;
      seen.add(value);
      yield { at, what: `believes the registry ${value} without a certificate` };
    }
  },
});
