import { defineCheck } from '../../check.ts';
import { brokenControls, type BrokenControl } from '../../pod-security/evaluate.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'pod-security',
  title: 'pod past the Pod Security Standards',
  severity: 'medium',
  why: 'A namespace that enforces a level turns such a pod away; without that it runs with what the level keeps shut.',
  fix: 'mend what is named, and label the namespace `pod-security.kubernetes.io/enforce: restricted` (or `baseline`)',
  vanishes: 'the pod fitted the level `restricted`',
  references: docs('https://kubernetes.io/docs/concepts/security/pod-security-standards/'),
  guide: ['C01', 'C04', 'C09'],
  attack: ['T1610'],
  *pod(pod) {
    const baseline = brokenControls(pod, 'baseline');
    if (baseline.length > 0) {
      yield { at: pod.object.at, what: `breaks the level baseline: ${titles(baseline)}`, reasons: reasons(baseline) };
      return;
    }
    const restricted = brokenControls(pod, 'restricted');
    if (restricted.length === 0) return;
    yield {
      at: pod.object.at,
      what: `fits the level baseline, and breaks restricted: ${titles(restricted)}`,
      severity: 'low',
      reasons: reasons(restricted),
    };
  },
});

function titles(broken: readonly BrokenControl[]): string {
  return broken.map(({ control }) => control.title).join('; ');
}

function reasons(broken: readonly BrokenControl[]): { what: string; value: string }[] {
  return broken.flatMap(({ control, violations }) =>
    violations.slice(0, 5).map(({ at, what }) => ({ what: control.id, value: `${what} (${at.pointer ?? ''})` })),
  );
}
