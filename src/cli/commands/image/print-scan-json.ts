import type { Problem } from '../../../base/problem.ts';
import type { Vulnerability } from '../../../inspect/packages/matching/vulnerabilities.ts';
import type { Package } from '../../../inspect/packages/package.ts';
import type { PendingUpdate } from '../../../inspect/packages/updates/pending-updates.ts';
import { visibleJson } from '../../../outputs/visible-text.ts';
import type { Judged } from './judge-subject.ts';

/** The documented object of `image scan --json`. */
export function scanAsJson({ subject, assessment, updates }: Judged): string {
  const { counts, vulnerabilities, problems, notChecked } = assessment;
  const report = {
    counts,
    vulnerabilities: vulnerabilities.map(vulnerabilityJson),
    packages: subject.packages.map(packageJson),
    pending_updates: updates.map(updateJson),
    problems: problems.map(problemJson),
    not_checked: notChecked,
  };
  return `${visibleJson(JSON.stringify(report, undefined, 1))}\n`;
}

function vulnerabilityJson(vulnerability: Vulnerability): object {
  const {
    id,
    aliases,
    ecosystem,
    package: pkg,
    fixed,
    fixState,
    severity,
    epss,
    exploitedSince,
    origins,
  } = vulnerability;
  return {
    id,
    aliases,
    ecosystem,
    package: pkg.name,
    source: pkg.source?.name ?? pkg.name,
    installed: pkg.version,
    fixed: fixed ?? null,
    fix_state: fixState,
    severity,
    epss: epss ?? null,
    kev: exploitedSince !== undefined,
    origin: origins.join(', '),
  };
}

function updateJson({ package: pkg, candidate, suite, isSecurity }: PendingUpdate): object {
  return {
    package: pkg.name,
    source: pkg.source?.name ?? pkg.name,
    installed: pkg.version,
    candidate,
    suite,
    security: isSecurity ?? null,
  };
}

function packageJson({ name, purl, source, layer, files }: Package): object {
  return { purl, source: source?.name ?? name, layer: layer ?? null, files_owned: files.length };
}

function problemJson({ code, at, message, hint, count }: Problem): object {
  return {
    code,
    at: at.path ?? '',
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(count === undefined ? {} : { count }),
  };
}
