import { byText, Clusters, mainName } from '../matching/clusters.ts';
import type { Vulnerability } from '../matching/vulnerabilities.ts';
import { explainMissing, isSamePackage, type ExplainContext, type Explanation } from './explain.ts';
import type { ReportedRow, ScannerReport } from './report.ts';

/** One vulnerability of one package, and who lists it. */
export interface LinedUp {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly isOurs: boolean;
  /** Scanners that list it, with how often: more than once for names of the same thing. */
  readonly theirs: Readonly<Record<string, number>>;
  /** Why it is missing in our list; undefined when it is there. */
  readonly missing: Explanation | undefined;
  /** Scanners that do not list it, and what is known about why. */
  readonly absent: Readonly<Record<string, string>>;
}

export interface Tally {
  readonly scanner: string;
  /** As the scanner counts: one for each line of its report. */
  readonly rows: number;
  /** Vulnerabilities, each counted once over all its names. */
  readonly unique: number;
  readonly withFix: number;
  /** Lines that say again what another line of the same report says under another name. */
  readonly doubles: number;
}

export interface Comparison {
  readonly tallies: readonly Tally[];
  readonly lines: readonly LinedUp[];
}

/** Puts reports of other scanners beside our own list: what is the same under any name stands in one line. */
export function lineUp(reports: readonly ScannerReport[], context: ExplainContext): Comparison {
  const ours = context.assessment.vulnerabilities;
  const clusters = new Clusters();
  for (const { id, aliases } of [...ours, ...reports.flatMap(({ rows }) => rows)]) clusters.add({ id, aliases });
  const names = namesOf(ours, reports, clusters);
  const lines = new Map<string, Draft>();
  const oursByCluster = Map.groupBy(ours, ({ id }) => clusters.keyOf(id));
  for (const one of ours) {
    const key = lineKey(clusters.keyOf(one.id), one.package.name, one.package.version);
    const draft = draftOf(lines, key, one.package.name, one.package.version);
    draft.own = one;
    draft.cluster = clusters.keyOf(one.id);
  }
  for (const report of reports) {
    for (const row of report.rows) {
      const cluster = clusters.keyOf(row.id);
      const own = oursByCluster.get(cluster)?.find((one) => isSamePackage(one.package, row));
      const [name, version] = own === undefined ? [row.package, row.version] : [own.package.name, own.package.version];
      const draft = draftOf(lines, lineKey(cluster, name, version), name, version);
      draft.cluster = cluster;
      draft.row ??= row;
      draft.theirs.set(report.scanner, (draft.theirs.get(report.scanner) ?? 0) + 1);
    }
  }
  return {
    tallies: [ourTally(ours), ...reports.map((report) => tallyOf(report, clusters))],
    lines: [...lines.values()].map((draft) => finish(draft, names, reports, context)).sort(inOrder),
  };
}

interface Draft {
  cluster: string;
  readonly package: string;
  readonly version: string;
  own: Vulnerability | undefined;
  row: ReportedRow | undefined;
  readonly theirs: Map<string, number>;
}

function lineKey(cluster: string, name: string, version: string): string {
  return JSON.stringify([cluster, name, version]);
}

function draftOf(lines: Map<string, Draft>, key: string, name: string, version: string): Draft {
  let draft = lines.get(key);
  if (draft === undefined) {
    draft = { cluster: '', package: name, version, own: undefined, row: undefined, theirs: new Map() };
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
  reports: readonly ScannerReport[],
  context: ExplainContext,
): LinedUp {
  const all = names.get(draft.cluster) ?? new Set<string>();
  const id = mainName([...all]);
  return {
    id,
    aliases: [...all].filter((name) => name !== id).sort(byText),
    package: draft.package,
    version: draft.version,
    isOurs: draft.own !== undefined,
    theirs: Object.fromEntries(draft.theirs),
    missing: draft.own !== undefined || draft.row === undefined ? undefined : explainMissing(draft.row, all, context),
    absent: absentFrom(draft, reports),
  };
}

/** Another scanner's data are not here: only what its report tells can be said. */
function absentFrom({ own, theirs, package: name }: Draft, reports: readonly ScannerReport[]): Record<string, string> {
  const lacking = reports.filter(({ scanner }) => !theirs.has(scanner));
  return Object.fromEntries(
    lacking.map(({ scanner, createdAt, rows }) => {
      const published = own?.published;
      if (published !== undefined && createdAt !== undefined && published > createdAt) {
        return [scanner, `published on ${published.slice(0, 10)}, after the report was made`];
      }
      const isKnown = rows.some((row) => row.package === name);
      return [scanner, isKnown ? 'it lists others of this package' : 'it lists nothing of this package'];
    }),
  );
}

function ourTally(ours: readonly Vulnerability[]): Tally {
  const rows = ours.length;
  const unique = new Set(ours.map(({ id }) => id)).size;
  return {
    scanner: 'Vakthund',
    rows,
    unique,
    withFix: ours.filter(({ fixState }) => fixState === 'fixed').length,
    doubles: 0,
  };
}

function tallyOf({ scanner, rows }: ScannerReport, clusters: Clusters): Tally {
  const pairs = new Set(rows.map((row) => lineKey(clusters.keyOf(row.id), row.package, row.version)));
  return {
    scanner,
    rows: rows.length,
    unique: new Set(rows.map(({ id }) => clusters.keyOf(id))).size,
    withFix: rows.filter(({ fixed }) => fixed !== undefined).length,
    doubles: rows.length - pairs.size,
  };
}

/** Differences first: what we have and others do not, what they have and we do not, then what all have. */
function inOrder(a: LinedUp, b: LinedUp): number {
  return byText(a.package, b.package) || byText(a.id, b.id);
}
