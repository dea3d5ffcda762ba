import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'maintainer',
  title: 'instruction that was given up',
  severity: 'info',
  why: 'MAINTAINER was given up in 2017; newer builders may turn it away.',
  fix: 'use `LABEL org.opencontainers.image.authors="…"`',
  vanishes: 'a label were used',
  references: docs('https://docs.docker.com/reference/dockerfile/#maintainer-deprecated'),
  guide: [],
  attack: [],
  *build({ stages }) {
    for (const { name, at } of stages.flatMap(({ instructions }) => instructions)) {
      if (name === 'MAINTAINER') yield { at, what: 'uses MAINTAINER' };
    }
  },
});
