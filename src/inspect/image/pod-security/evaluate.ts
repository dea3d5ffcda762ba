import type { Pod } from '../inputs/kubernetes/pod.ts';
import { baselineControls } from './baseline.ts';
import { latest, type Control, type Minor, type PodSecurityLevel, type Violation } from './control.ts';
import { restrictedControls } from './restricted.ts';

export interface BrokenControl {
  readonly control: Control;
  readonly violations: readonly Violation[];
}

/**
 * What keeps a pod from a level of the Pod Security Standards, as the admission of Kubernetes judges it in a version; empty when it
 * fits. `restricted` asks for all of `baseline` too.
 */
export function brokenControls(pod: Pod, level: PodSecurityLevel, minor: Minor = latest): BrokenControl[] {
  return controlsOf(level, minor).flatMap((control) => {
    const violations = [...control.violations(pod, minor)];
    return violations.length === 0 ? [] : [{ control, violations }];
  });
}

function controlsOf(level: PodSecurityLevel, minor: Minor): readonly Control[] {
  const baseline = baselineControls.filter(({ since }) => since <= minor);
  if (level === 'baseline') return baseline;
  const restricted = restrictedControls.filter(({ since }) => since <= minor);
  const replaced = new Set(restricted.flatMap(({ replaces }) => replaces ?? []));
  return [...baseline.filter(({ id }) => !replaced.has(id)), ...restricted];
}
