import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimsIn } from '../../hardening/check-folder.ts';
import { checksMeaning } from '../../hardening/trivy-checks.ts';
import type { GoldenFault, GoldenReport } from './golden.ts';

/** Reports of misconfigurations in a repository: every one that we have a check for must be found in its file. */
export function judgeConfigurations(
  root: string,
  name: string,
  report: GoldenReport,
): GoldenFault | 'skipped' | undefined {
  const { Results = [], ArtifactName = '' } = report;
  const folder = join(root, ArtifactName.replace(/^testdata\//, ''));
  const isOurs = Results.every(({ Class, Type }) => Class === 'config' && (Type === 'dockerfile' || Type === 'helm'));
  // Policies in Rego are Trivy's own.
  if (!isOurs || !existsSync(folder) || name.includes('custom-polic')) return 'skipped';
  // A packed chart is not in the archive.
  if (Results.some(({ Target }) => Target.includes('.tar.gz:'))) return 'skipped';
  const values = name.includes('.overridden') ? join(root, 'fixtures/repo/helm_values/values.yaml') : undefined;
  const claims = claimsIn(folder, '/', values);
  if (Results.length === 0) {
    return claims.length === 0 ? undefined : { got: claims.map(({ detector }) => detector).join(' '), want: 'nothing' };
  }
  for (const { Target, Misconfigurations = [] } of Results) {
    const detectors = new Set(claims.filter(({ path }) => path === `/${Target}`).map(({ detector }) => detector));
    for (const { ID } of Misconfigurations) {
      // No manifest names the namespace: the release has it.
      const ours = ID === 'KSV-0110' ? undefined : checksMeaning(ID);
      if (ours === undefined || ours.some((check) => detectors.has(`checks/${check}`))) continue;
      return { got: [...detectors].join(' '), want: `${ID} in ${Target}` };
    }
  }
  return undefined;
}
