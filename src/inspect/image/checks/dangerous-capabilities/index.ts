import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';
import { capabilityRisk, defaultCapabilities } from '../_shared/capabilities.ts';

export const check = defineCheck({
  id: 'dangerous-capabilities',
  title: 'container with more capabilities than the default ones',
  severity: 'high',
  why: 'Each capability past the default set is a part of root on the host; some of them are enough to leave the container.',
  fix: 'take the capability out of `--cap-add` (`cap_add`, `capabilities.add`)',
  vanishes: 'no capability were added past the default ones',
  references: [...cis('5.4'), ...podSecurity('baseline'), ...cisKubernetes('5.2.9')],
  guide: ['C09'],
  attack: ['T1611'],
  *workload({ capAdd }) {
    for (const { value, at } of capAdd) {
      if (defaultCapabilities.has(value)) continue;
      const risk = capabilityRisk(value);
      yield {
        at,
        what: `adds the capability ${value}${risk.why === '' ? '' : `, which ${risk.why}`}`,
        severity: risk.severity,
      };
    }
  },
});
