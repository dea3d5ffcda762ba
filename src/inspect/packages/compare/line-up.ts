import { byText, Clusters, mainName } from '../matching/clusters.ts';
import type { Vulnerability } from '../matching/vulnerabilities.ts';
import { ReportFacts, type Absence } from './absent.ts';
import { Explainer, type ExplainContext, type Explanation } from './explain.ts';
import { PackageIndex } from './package-index.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import { samenessOf, type Sameness } from './same-image.ts';

/** One vulnerability of one package, and who lists it. */
export interface LinedUp {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly isOurs: boolean;
  /** Scanners that list it, with the names under which: more than one row for names of the same thing, or for several places. */
  readonly theirs: Readonly<Record<string, readonly string[]>>;
  /** Why it is missing in our list; undefined when it is there. */
  readonly missing: Explanation | undefined;
  /** Scanners that do not list it, and what is known about why. */
  readonly absent: Readonly<Record<string, Absence>>;
}

export interface Tally {
  readonly scanner: string;
  /** As the scanner counts: one for each line of its report. */
  readonly rows: number;
  /** Vulnerabilities, each counted once over all its names. */
  readonly unique: number;
  readonly withFix: number;
  /** Lines that say again what another line of the same report says under another name or of another place. */
  readonly doubles: number;
  /** Day on which the report was made, or our advisories were gathered. */
  readonly day: string | undefined;
}

export interface ReportNote {
  readonly report: ScannerReport;
  readonly sameness: Sameness;
}

export interface Comparison {
  readonly tallies: readonly Tally[];
  readonly notes: readonly ReportNote[];
  readonly lines: readonly LinedUp[];
}

/** Puts reports of other scanners beside our own list: what is the same under any name stands in one line. */
export function lineUp(reports: readonly ScannerReport[], context: ExplainContext): Comparison {
  const ours = context.assessment.vulnerabilities;
  const clusters = new Clusters();
  for (const { id, aliases } of [...ours, ...reports.flatMap(({ rows }) => rows)]) clusters.add({ id, aliases });
  const index = new PackageIndex(context.subject.packages);
  const names = namesOf(ours, reports, clusters);
  const explainer = new Explainer(context, index);
  const facts = new Map(reports.map((report) => [report.scanner, new ReportFacts(report)]));
  const lines = draftsOf(ours, reports, clusters, index);
  return {
    tallies: [ourTally(ours, context.asOf ?? context.dataDate), ...reports.map((report) => tallyOf(report, clusters))],
    notes: reports.map((report) => ({ report, sameness: samenessOf(report, context.subject, index) })),
    lines: lines.map((draft) => finish(draft, names, facts, explainer)).sort(inOrder),
  };
}

interface Draft {
  cluster: string;
  readonly package: string;
  readonly version: string;
  own: Vulnerability | undefined;
  row: ReportedRow | undefined;
  /** When the report that the row is of was made. */
  createdAt: string | undefined;
  readonly theirs: Map<string, string[]>;
}

function draftsOf(
  ours: readonly Vulnerability[],
  reports: readonly ScannerReport[],
  clusters: Clusters,
  index: PackageIndex,
): Draft[] {
  const lines = new Map<string, Draft>();
  // By the cluster and the package itself.
  const known = new Map<string, Map<object, Draft>>();
  for (const one of ours) {
    const cluster = clusters.keyOf(one.id);
    const draft = draftOf(lines, cluster, one.package.name, one.package.version);
    draft.own ??= one;
    const ofCluster = known.get(cluster) ?? new Map<object, Draft>();
    known.set(cluster, ofCluster.set(one.package, draft));
  }
  for (const { scanner, createdAt, rows } of reports) {
    for (const row of rows) {
      const cluster = clusters.keyOf(row.id);
      const ofCluster = known.get(cluster);
      const own = ofCluster === undefined ? undefined : index.of(row).find((pkg) => ofCluster.has(pkg));
      const found = own === undefined ? undefined : ofCluster?.get(own);
      const draft = found ?? draftOf(lines, cluster, row.package, row.version);
      draft.row ??= row;
      draft.createdAt ??= createdAt;
      const said = draft.theirs.get(scanner);
      if (said === undefined) draft.theirs.set(scanner, [row.id]);
      else said.push(row.id);
    }
  }
  return [...lines.values()];
}

function lineKey(cluster: string, name: string, version: string): string {
  return JSON.stringify([cluster, name, version]);
}

function draftOf(lines: Map<string, Draft>, cluster: string, name: string, version: string): Draft {
  const key = lineKey(cluster, name, version);
  let draft = lines.get(key);
  if (draft === undefined) {
    const nothing = { own: undefined, row: undefined, createdAt: undefined };
    draft = { cluster, package: name, version, ...nothing, theirs: new Map() };
    lines.set(key, draft);
  }
  return draft;
}

function namesOf(
  ours: readonly Vulnerability[],
  reports: readonly ScannerReport[],
  clusters: Clusters,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { id, aliases } of [...ours, ...reports.flatMap(({ rows }) => rows)]) {
    const key = clusters.keyOf(id);
    const set = names.get(key) ?? new Set<string>();
    for (const name of [id, ...aliases]) set.add(name);
    names.set(key, set);
  }
  return names;
}

function finish(
  draft: Draft,
  names: ReadonlyMap<string, ReadonlySet<string>>,
  facts: ReadonlyMap<string, ReportFacts>,
  explainer: Explainer,
): LinedUp {
  const { own, row, theirs, createdAt } = draft;
  const all = names.get(draft.cluster) ?? new Set<string>();
  const id = mainName([...all]);
  const lacking = [...facts].filter(([scanner]) => !theirs.has(scanner));
  return {
    id,
    aliases: [...all].filter((name) => name !== id).sort(byText),
    package: draft.package,
    version: draft.version,
    isOurs: own !== undefined,
    theirs: Object.fromEntries(theirs),
    missing: own !== undefined || row === undefined ? undefined : explainer.explain(row, all, createdAt),
    absent: Object.fromEntries(
      lacking.map(([scanner, report]) => [scanner, report.absenceOf(own, draft.package, draft.version)]),
    ),
  };
}

function ourTally(ours: readonly Vulnerability[], day: string | undefined): Tally {
  return {
    scanner: 'Vakthund',
    rows: ours.length,
    unique: new Set(ours.map(({ id }) => id)).size,
    withFix: ours.filter(({ fixState }) => fixState === 'fixed').length,
    doubles: 0,
    day,
  };
}

function tallyOf({ scanner, rows, createdAt }: ScannerReport, clusters: Clusters): Tally {
  const pairs = new Set(rows.map((row) => lineKey(clusters.keyOf(row.id), row.package, row.version)));
  return {
    scanner,
    rows: rows.length,
    unique: new Set(rows.map(({ id }) => clusters.keyOf(id))).size,
    withFix: rows.filter(({ fixed }) => fixed !== undefined).length,
    doubles: rows.length - pairs.size,
    day: createdAt?.slice(0, 10),
  };
}

/** By package, then by name. */
function inOrder(a: LinedUp, b: LinedUp): number {
  return byText(a.package, b.package) || byText(a.id, b.id);
}
