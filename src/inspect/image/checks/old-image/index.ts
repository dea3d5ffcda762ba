import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

const dayMicros = 86_400_000_000;
const oldDays = 180;
const veryOldDays = 730;

export const check = defineCheck({
  id: 'old-image',
  title: 'image that was not built for long',
  severity: 'low',
  why: 'What was mended in its packages since then is not in it.',
  fix: 'build it again on a base of today, and do that by the clock',
  vanishes: 'the image had been built in the last half year',
  references: cis('4.4', '5.28'),
  guide: ['C08'],
  attack: [],
  *image({ at, created }, { now }) {
    // Builds that can be repeated write the beginning of time.
    if (created === undefined || created < 86_400_000_000 * 3650) return;
    const days = Math.floor((now - created) / dayMicros);
    if (days < oldDays) return;
    yield {
      at: { ...at, pointer: 'created' },
      what: `was built ${days} days ago`,
      severity: days >= veryOldDays ? 'medium' : 'low',
    };
  },
});
