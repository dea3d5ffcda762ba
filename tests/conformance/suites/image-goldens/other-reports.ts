import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSecrets } from '../../../../src/inspect/image/secrets/find.ts';
import { parseReport } from '../../../../src/inspect/packages/compare/read-report.ts';
import { readSbom } from '../../../../src/inspect/packages/sbom/read-sbom.ts';
import type { GoldenFault, GoldenReport } from './golden.ts';

type Verdict = GoldenFault | 'skipped' | undefined;

/** Secrets in the files of a repository, by line. Patterns that its own settings add are Trivy's. */
export function judgeSecrets(root: string, { ArtifactName = '', Results = [] }: GoldenReport): Verdict {
  for (const { Target, Secrets = [] } of Results) {
    const path = join(root, ArtifactName.replace(/^testdata\//, ''), Target);
    if (!existsSync(path)) return 'skipped';
    const text = readFileSync(path, 'utf8');
    const found = new Set(findSecrets(text).map(({ at }) => text.slice(0, at).split('\n').length));
    const missing = Secrets.find(({ Category, StartLine }) => Category !== 'Custom' && !found.has(StartLine));
    if (missing !== undefined) {
      return { got: `lines ${[...found].join(', ')}`, want: `${missing.RuleID} in line ${missing.StartLine}` };
    }
  }
  return undefined;
}

/** Licences of the packages of a bill. What kind of licence each is, is Trivy's own judgement. */
export function judgeLicenses(root: string, { ArtifactName = '', Results = [] }: GoldenReport): Verdict {
  const path = join(root, ArtifactName.replace(/^testdata\//, ''));
  if (!existsSync(path)) return 'skipped';
  const { packages } = readSbom(readFileSync(path, 'utf8')).sbom;
  for (const { PkgName, Name } of Results.flatMap(({ Licenses = [] }) => Licenses)) {
    const licenses = packages.filter(({ name }) => name === PkgName).flatMap((pkg) => pkg.licenses);
    if (!licenses.includes(Name)) return { got: licenses.join(', '), want: `${PkgName}: ${Name}` };
  }
  return undefined;
}

/** The same report in another form, as `image compare` reads it: the same rows as in Trivy's own form. */
export function judgeForm(text: string, rows: readonly (readonly string[])[]): Verdict {
  const report = parseReport(text, 'report');
  if (report === undefined) return { got: 'no report', want: 'a report' };
  const textOf = (id = '', name = '', version = ''): string => `${id} ${name} ${version}`;
  const got = report.rows
    .map(({ id, package: name, version }) => textOf(id, name, version))
    .sort()
    .join(', ');
  const want = rows
    .map(([id, name, version]) => textOf(id, name, version))
    .sort()
    .join(', ');
  return got === want ? undefined : { got, want };
}
