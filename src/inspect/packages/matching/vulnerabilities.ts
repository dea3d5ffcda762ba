import type { AdvisoryBook } from '../advisories/book.ts';
import { orderOf } from '../advisories/ecosystems.ts';
import type { Package } from '../package.ts';
import { byText, Clusters, mainName } from './clusters.ts';
import type { FixState, Match } from './match.ts';
import { severityOf, severityRank, type VulnerabilitySeverity } from './severity.ts';

/** One vulnerability of one installed package, with all that the advisories say of it. */
export interface Vulnerability {
  /** Main name: the CVE where there is one. */
  readonly id: string;
  /** All other names, and the bulletins. */
  readonly aliases: readonly string[];
  readonly package: Package;
  /** As the advisory names it: `Alpine:v3.11`, `PyPI`. */
  readonly ecosystem: string;
  readonly fixed: string | undefined;
  readonly fixState: FixState;
  readonly severity: VulnerabilitySeverity;
  /** Probability of being exploited within 30 days. */
  readonly epss: number | undefined;
  /** Day on which it was listed as exploited. */
  readonly exploitedSince: string | undefined;
  readonly summary: string | undefined;
  /** When the first of the advisories was published; ISO 8601. */
  readonly published: string | undefined;
  /** Formats of the advisories that say so. */
  readonly origins: readonly string[];
}

export interface VulnerabilityCounts {
  /** One for each vulnerability and installed package. */
  readonly rows: number;
  /** Vulnerabilities, each counted once. */
  readonly unique: number;
  /** Of those, the ones that an update of this release repairs. */
  readonly actionable: number;
}

/** Puts what is the same together: one vulnerability for each cluster of names and package, the worst first. */
export function toVulnerabilities(matches: readonly Match[], book: AdvisoryBook): Vulnerability[] {
  const clusters = new Clusters();
  for (const { advice } of matches) clusters.add(advice);
  const names = namesByCluster(matches, clusters);
  const groups = new Map<Package, Map<string, Match[]>>();
  for (const match of matches) {
    const key = clusters.keyOf(match.advice.id);
    let ofPackage = groups.get(match.package);
    if (ofPackage === undefined) groups.set(match.package, (ofPackage = new Map<string, Match[]>()));
    const group = ofPackage.get(key);
    if (group === undefined) ofPackage.set(key, [match]);
    else group.push(match);
  }
  const found = [...groups.values()].flatMap((ofPackage) =>
    [...ofPackage].map(([key, group]) => toVulnerability(group, names.get(key) ?? [], book)),
  );
  return found.sort(worstFirst);
}

export function countVulnerabilities(vulnerabilities: readonly Vulnerability[]): VulnerabilityCounts {
  const fixable = vulnerabilities.filter(({ fixState }) => fixState === 'fixed');
  return {
    rows: vulnerabilities.length,
    unique: new Set(vulnerabilities.map(({ id }) => id)).size,
    actionable: new Set(fixable.map(({ id }) => id)).size,
  };
}

/** Names over all packages: the same cluster has the same main name everywhere. */
function namesByCluster(matches: readonly Match[], clusters: Clusters): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const { advice } of matches) {
    const key = clusters.keyOf(advice.id);
    let set = names.get(key);
    if (set === undefined) names.set(key, (set = new Set<string>()));
    for (const name of [advice.id, ...advice.aliases]) set.add(name);
  }
  return new Map([...names].map(([key, set]) => [key, [...set]]));
}

function toVulnerability(group: readonly Match[], names: readonly string[], book: AdvisoryBook): Vulnerability {
  const id = mainName(names);
  const best = [...group].sort((a, b) => Number(b.state === 'fixed') - Number(a.state === 'fixed'))[0] as Match;
  const bulletins = group.flatMap(({ advice }) => advice.bulletin ?? []);
  const aliases = new Set([...names, ...bulletins].filter((name) => name !== id).sort(byText));
  const contexts = names.filter((name) => name.startsWith('CVE-')).map((cve) => book.context(cve));
  const epss = contexts.flatMap((context) => context.epss ?? []);
  return {
    id,
    aliases: [...aliases],
    package: best.package,
    ecosystem: best.advice.ecosystem,
    fixed: highestFix(group),
    fixState: best.state,
    severity: worstSeverity(group),
    epss: epss.length === 0 ? undefined : Math.max(...epss),
    exploitedSince: contexts.flatMap((context) => context.exploitedSince ?? [])[0],
    summary: group.flatMap(({ advice }) => advice.summary ?? [])[0],
    published: group.flatMap(({ advice }) => advice.published ?? []).sort(byText)[0],
    origins: [...new Set(group.map(({ advice }) => advice.origin))].sort(byText),
  };
}

/** Where records differ, the fix that all of them agree on. */
function highestFix(group: readonly Match[]): string | undefined {
  const order = orderOf(group[0]?.stream ?? '');
  const fixes = group.flatMap(({ fixed }) => fixed ?? []);
  return fixes.sort((a, b) => order?.compare(b, a) ?? 0)[0];
}

function worstSeverity(group: readonly Match[]): VulnerabilitySeverity {
  return group
    .map(({ advice }) => severityOf(advice))
    .reduce((worst, one) => (severityRank(one) > severityRank(worst) ? one : worst), 'unknown');
}

/** Exploited ones, then by probability of it, by severity, by whether there is a fix; then by name. */
function worstFirst(a: Vulnerability, b: Vulnerability): number {
  return (
    Number(b.exploitedSince !== undefined) - Number(a.exploitedSince !== undefined) ||
    probabilityClass(b.epss) - probabilityClass(a.epss) ||
    severityRank(b.severity) - severityRank(a.severity) ||
    Number(b.fixState === 'fixed') - Number(a.fixState === 'fixed') ||
    byText(a.id, b.id) ||
    byText(a.package.name, b.package.name) ||
    byText(a.package.purl, b.package.purl)
  );
}

/** Small differences of a prediction say less than a severity: tenths. */
function probabilityClass(epss: number | undefined): number {
  return Math.floor((epss ?? 0) * 10);
}
