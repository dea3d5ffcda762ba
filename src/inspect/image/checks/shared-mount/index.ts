import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'shared-mount',
  title: 'container whose mounts appear on the host',
  severity: 'medium',
  why: 'What the container mounts there is mounted on the host and in other containers too.',
  fix: 'take `shared` and `rshared` (`mountPropagation: Bidirectional`) away',
  vanishes: 'the mount were private',
  references: cis('5.20'),
  guide: ['C04'],
  attack: ['T1611'],
  *workload({ mounts }) {
    for (const { propagation, target, at } of mounts) {
      if (propagation === 'shared' || propagation === 'rshared') {
        yield { at, what: `shares its mounts at ${target} with the host` };
      }
    }
  },
});
