import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-no-authorization',
  title: 'engine that asks nobody what a user may do',
  severity: 'info',
  why: 'Whoever may use the API may do everything with it.',
  fix: 'keep the group `docker` empty, or set `authorization-plugins`',
  vanishes: 'an authorization plug-in were set',
  references: cis('2.12'),
  guide: ['C07'],
  attack: [],
  *engine({ isConfigured, authorizationPlugins, at }) {
    if (isConfigured && authorizationPlugins.length === 0) yield { at, what: 'has no authorization plug-in' };
  },
});
