import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-new-privileges',
  title: 'engine that lets processes gain rights',
  severity: 'info',
  why: 'Set-id programs in images lift an attacker to root.',
  fix: 'set `"no-new-privileges": true` in daemon.json',
  vanishes: 'it were forbidden for all containers',
  references: cis('2.14'),
  guide: ['C01', 'C09'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.noNewPrivileges, {
      value: true,
      byDefault: false,
      what: 'lets processes gain rights unless a container forbids it',
    }),
});
