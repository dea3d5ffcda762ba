import { defineCheck } from '../../check.ts';
import { inImage } from '../../inputs/build-file.ts';
import type { Workload } from '../../inputs/workload.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';

/** Base images that are made to run as another user, by a word in their tag. */
const rootlessBase = /[:@-](?:[\w.-]*-)?(?:nonroot|non-root|rootless|unprivileged)(?:$|[-@:])/;

export const check = defineCheck({
  id: 'root-user',
  title: 'container that runs as root',
  severity: 'medium',
  why: 'Root inside is the same user as root outside unless users are mapped: every hole in the kernel or the engine ends as root on the host.',
  fix: 'end the Dockerfile with `USER` and a number, or set `--user` (`user`, `runAsNonRoot: true`)',
  vanishes: 'it ran as another user',
  references: [...cis('4.1'), ...podSecurity('restricted'), ...cisKubernetes('5.2.7')],
  guide: ['C01'],
  attack: ['T1611'],
  *workload(workload, { engine }) {
    if (engine?.usernsRemap?.value === true || engine?.rootless?.value === true) return;
    const { user, at } = workload;
    if (isRootUser(workload)) {
      yield { at: user?.at ?? at, what: user?.value ? `runs as ${user.value}` : 'runs as root' };
    } else if (mayBeRoot(workload)) yield { at, what: 'may run as root: nothing forbids it' };
  },
  *image({ at, user, hasConfig }) {
    if (hasConfig && (user === '' || isRoot(user))) {
      yield { at: { ...at, pointer: 'config.User' }, what: 'runs as root unless told otherwise' };
    }
  },
  *build(build) {
    const last = inImage(build, 'USER').at(-1);
    const base = build.stages.at(-1)?.from;
    if (last === undefined && base !== undefined && rootlessBase.test(base.value)) return;
    if (last === undefined) yield { at: base?.at ?? build.at, what: 'names no USER, so it runs as root' };
    else if (isRoot(last.text)) yield { at: last.at, what: `ends with USER ${last.text}` };
  },
});

function isRoot(user: string): boolean {
  return /^(?:root|0+)(?::|\s|$)/.test(user.trim());
}

function isRootUser({ origin, user, runAsNonRoot }: Workload): boolean {
  if (user === undefined) return false;
  const isInspected = origin === 'docker' || origin === 'podman';
  return isRoot(user.value) || (isInspected && user.value === '' && runAsNonRoot?.value !== true);
}

/** Kubernetes runs what the image says unless it is told to refuse root. */
function mayBeRoot({ origin, user, runAsNonRoot }: Workload): boolean {
  return origin === 'kubernetes' && user === undefined && runAsNonRoot?.value !== true;
}
