import { defineCheck } from '../../check.ts';
import { unlessSet } from '../_shared/engine-setting.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-userland-proxy',
  title: 'engine that forwards ports by a program of its own',
  severity: 'info',
  why: 'The proxy is one more program that runs as root and listens to strangers, and it hides the address of the caller.',
  fix: 'set `"userland-proxy": false` in daemon.json',
  vanishes: 'the proxy were off',
  references: cis('2.16'),
  guide: ['C07'],
  attack: [],
  engine: (engine) =>
    unlessSet(engine, engine.userlandProxy, { value: false, byDefault: true, what: 'forwards ports by docker-proxy' }),
});
