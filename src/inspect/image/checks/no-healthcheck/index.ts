import { defineCheck } from '../../check.ts';
import { inImage } from '../../inputs/build-file.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'no-healthcheck',
  title: 'container whose health nobody asks for',
  severity: 'info',
  why: 'A program that hangs, or was stopped by an attacker, is noticed only by its users.',
  fix: 'add `HEALTHCHECK` to the Dockerfile (`healthcheck` in Compose)',
  vanishes: 'a health check were set',
  references: cis('4.6', '5.27'),
  guide: ['C14'],
  attack: [],
  *workload({ origin, healthcheck, at }) {
    // Compose and Kubernetes do not know what the image brings.
    const isSeen = origin === 'docker' || origin === 'podman';
    if (healthcheck?.value === false || (isSeen && healthcheck === undefined)) {
      yield { at: healthcheck?.at ?? at, what: 'has no health check' };
    }
  },
  *image({ at, hasConfig, healthcheck }) {
    if (hasConfig && healthcheck === undefined) {
      yield { at: { ...at, pointer: 'config.Healthcheck' }, what: 'sets no HEALTHCHECK' };
    }
  },
  *build(build) {
    const last = inImage(build, 'HEALTHCHECK').at(-1);
    if (last === undefined) yield { at: build.at, what: 'sets no HEALTHCHECK' };
  },
});
