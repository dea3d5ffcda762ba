import { VakthundError } from '../../../base/errors.ts';
import { containersPolicy } from './export-containers.ts';
import { admissionPolicy } from './export-kubernetes.ts';
import { kyvernoPolicy } from './export-kyverno.ts';
import type { ExportedPolicy, PolicyExport } from './formats.ts';
import type { PolicyVerdict } from './judge-image.ts';
import type { ImagePolicy } from './policy.ts';

/** Writes the policy; `verdicts` are of the images of the index. Throws `USAGE` when nothing of the policy can be said there. */
export function exportPolicy(
  format: PolicyExport,
  policy: ImagePolicy,
  verdicts: readonly PolicyVerdict[],
): ExportedPolicy {
  if (policy.registries === undefined) {
    throw new VakthundError('USAGE', 'the policy allows every registry: there is nothing to keep others out by', {
      hint: 'registries: [registry.example/team]',
    });
  }
  const rules = { ...policy, registries: policy.registries };
  switch (format) {
    case 'kubernetes':
      return admissionPolicy(rules, verdicts);
    case 'kyverno':
      return kyvernoPolicy(rules);
    case 'containers':
      return containersPolicy(rules);
  }
}
