import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-root-users',
  title: 'engine whose root is the root of the host',
  severity: 'low',
  why: 'Who leaves a container as root is root on the host.',
  fix: 'run the engine rootless, or set `"userns-remap": "default"` in daemon.json',
  vanishes: 'users were mapped, or the engine ran without root',
  references: cis('2.9'),
  guide: ['C01'],
  attack: [],
  engine: (engine) =>
    engine.rootless?.value === true
      ? []
      : unlessSet(engine, engine.usernsRemap, {
          value: true,
          byDefault: false,
          what: 'does not map users: root inside is root outside',
        }),
});
