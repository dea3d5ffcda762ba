import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-swarm',
  title: 'engine that is part of a swarm',
  severity: 'info',
  why: 'A swarm opens ports for managers and overlay networks, and whoever rules a manager starts containers on every node.',
  fix: 'leave the swarm with `docker swarm leave` where it is not needed',
  vanishes: 'the swarm were left',
  references: cis('5.1'),
  guide: ['C07'],
  attack: [],
  *engine({ swarm }) {
    if (swarm?.value === 'active') yield { at: swarm.at, what: 'is an active node of a swarm' };
  },
});
