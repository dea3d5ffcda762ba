import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'default-bridge',
  title: 'container on the default bridge',
  severity: 'info',
  why: 'Everything that is started without a network meets there, and may talk to one another.',
  fix: 'make a network for the containers that belong together (`docker network create`), or use `--network none`',
  vanishes: 'it had a network of its own, or none',
  references: cis('5.30'),
  guide: ['C04', 'C05'],
  attack: ['T1046'],
  *workload({ origin, network }) {
    if (origin === 'docker' && network?.value === 'bridge') yield { at: network.at, what: 'is on the default bridge' };
  },
});
