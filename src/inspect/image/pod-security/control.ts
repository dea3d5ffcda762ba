import type { Cursor } from '../inputs/cursor.ts';
import type { Pod } from '../inputs/kubernetes/pod.ts';
import type { Place } from '../inputs/place.ts';

export type PodSecurityLevel = 'baseline' | 'restricted';

/** Version of Kubernetes by its minor number: the standards change with it. */
export type Minor = number;
/** Past every version: the newest form of each control. */
export const latest: Minor = 999;

/** One thing in a pod that a control forbids. */
export interface Violation {
  readonly at: Place;
  /** End of a sentence that begins with the pod: `sets hostNetwork`. */
  readonly what: string;
}

/** One control of the Pod Security Standards. */
export interface Control {
  /** As Kubernetes names it. */
  readonly id: string;
  readonly level: PodSecurityLevel;
  readonly title: string;
  /** First version that has it. */
  readonly since: Minor;
  /** Controls of the lower level whose place it takes. */
  readonly replaces?: readonly string[];
  violations(pod: Pod, minor: Minor): Iterable<Violation>;
}

/** The security contexts of a pod: its own first, then each container's. */
function contextsOf(pod: Pod): Cursor[] {
  return [pod.spec, ...pod.containers.map(({ cursor }) => cursor)].map((cursor) => cursor.get('securityContext'));
}

/** What stands at one place of every security context, where something stands. */
export function settingsOf(pod: Pod, ...keys: readonly string[]): Cursor[] {
  return contextsOf(pod)
    .map((context) => context.get(...keys))
    .filter(({ isThere }) => isThere);
}

/** From 1.25 on, what only Linux knows is not asked of pods for Windows. */
export function isForWindows(pod: Pod, minor: Minor): boolean {
  return minor >= 25 && pod.spec.get('os', 'name').text() === 'windows';
}

/** A pod in a user namespace of its own: root inside is nobody outside. */
export function hasOwnUsers(pod: Pod): boolean {
  return pod.spec.get('hostUsers').flag() === false;
}
