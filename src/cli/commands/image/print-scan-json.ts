import { jsonText, LazyList } from '../../../base/json-text.ts';
import type { Problem } from '../../../base/problem.ts';
import type { NotChecked } from '../../../inspect/packages/matching/assess.ts';
import type { Vulnerability } from '../../../inspect/packages/matching/vulnerabilities.ts';
import type { Package } from '../../../inspect/packages/package.ts';
import type { PendingUpdate } from '../../../inspect/packages/updates/pending-updates.ts';
import { visibleJson } from '../../../outputs/visible-text.ts';
import type { Judged } from './judge-subject.ts';

/** The documented object of `image scan --json`, piece by piece. */
export function* scanAsJson({ subject, assessment, updates }: Judged): Generator<string> {
  const { counts, vulnerabilities, problems, notChecked } = assessment;
  const report = {
    counts,
    vulnerabilities: eachOf(vulnerabilities, vulnerabilityJson),
    packages: eachOf(subject.packages, packageJson),
    pending_updates: updates.map(updateJson),
    problems: problems.map(problemJson),
    not_checked: [...notChecked, ...unreadOf(problems)],
  };
  for (const text of jsonText(report)) yield visibleJson(text);
  yield '\n';
}

/** Problems after which something was not looked at at all. */
const unreadCodes: ReadonlySet<string> = new Set(['limit-reached', 'decompress-failed', 'truncated', 'unsupported']);

function unreadOf(problems: readonly Problem[]): readonly NotChecked[] {
  return problems
    .filter(({ code }) => unreadCodes.has(code))
    .map(({ at, message }) => ({ what: at.path ?? 'the packages', why: message }));
}

function eachOf<T>(items: readonly T[], json: (item: T) => object): LazyList<object> {
  return new LazyList(function* () {
    for (const item of items) yield json(item);
  });
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
