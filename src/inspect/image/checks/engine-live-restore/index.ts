import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-live-restore',
  title: 'engine that takes its containers down with it',
  severity: 'info',
  why: 'An update of the engine is put off when it stops every service.',
  fix: 'set `"live-restore": true` in daemon.json',
  vanishes: 'live restore were on',
  references: cis('2.15'),
  guide: ['C08'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.liveRestore, {
      value: true,
      byDefault: false,
      what: 'stops all containers when it is restarted',
    }),
});
