import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-no-firewall-rules',
  title: 'engine that writes no firewall rules',
  severity: 'low',
  why: 'Containers lose their separation and their way out, and rules written by hand take their place, or none.',
  fix: 'take `"iptables": false` out of daemon.json, and filter in the chain DOCKER-USER',
  vanishes: 'the engine wrote its rules',
  references: cis('2.4'),
  guide: ['C24'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.iptables, {
      value: true,
      byDefault: true,
      what: 'writes no firewall rules (iptables: false)',
    }),
});
