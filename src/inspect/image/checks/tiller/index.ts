import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'tiller',
  title: 'server of Helm 2',
  severity: 'high',
  why: 'Tiller takes orders from every pod without asking who it is, and carries them out with its own rights, most often those of the whole cluster; it has had no repairs since November 2020.',
  fix: 'use Helm 3, which has no server',
  vanishes: 'no Tiller were started',
  references: docs('https://helm.sh/blog/helm-v2-deprecation-timeline/'),
  guide: ['C04', 'C10'],
  attack: ['T1610', 'T1068'],
  *workload({ image, origin, at }) {
    if (origin !== 'kubernetes' || image === undefined) return;
    const name = image.value.replace(/[@:][^/]*$/, '');
    if (/(?:^|\/)tiller$/.test(name)) yield { at: image.at ?? at, what: `starts Tiller (${image.value})` };
  },
});
