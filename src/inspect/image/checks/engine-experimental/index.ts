import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis, docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-experimental',
  title: 'engine with experimental features',
  severity: 'info',
  why: 'Unfinished features are tested and mended less than others.',
  fix: 'take `"experimental": true` out of daemon.json',
  vanishes: 'experimental features were off',
  references: [...cis('2.18'), ...docs('https://docs.docker.com/reference/cli/dockerd/')],
  guide: ['C07'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.experimental, {
      value: false,
      byDefault: false,
      what: 'has experimental features switched on',
    }),
});
