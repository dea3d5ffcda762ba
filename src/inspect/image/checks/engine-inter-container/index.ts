import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-inter-container',
  title: 'engine that lets all containers talk to one another',
  severity: 'low',
  why: 'One container that was taken over reaches all others on the default bridge.',
  fix: 'set `"icc": false` in daemon.json, and give containers that belong together a network',
  vanishes: 'icc were off',
  references: cis('2.2'),
  guide: ['C04', 'C05'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.interContainer, {
      value: false,
      byDefault: true,
      what: 'lets containers on the default bridge talk to one another',
    }),
});
