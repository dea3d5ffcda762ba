import type { AdvisoryBook } from '../advisories/book.ts';
import { orderOf } from '../advisories/ecosystems.ts';
import { isInside } from '../advisories/intervals.ts';
import type { Assessment, Subject } from '../matching/assess.ts';
import { lookupsOf } from '../matching/streams.ts';
import type { Package } from '../package.ts';
import type { ReportedRow } from './report.ts';

/** Why another scanner lists what we do not. */
export const reasons = {
  'left-out': 'it was left out on the word of VEX or an ignore',
  'no-package': 'we found no such package',
  owned: 'the distribution owns the files, and answers for them',
  'not-affected': 'the advisories that we have say that this version is not affected',
  later: 'it was published after the day whose knowledge is used',
  cpe: "guessed from NVD's names of products, which say nothing about how this distribution built it",
  'no-advice': 'no advisory that we have names it for this package: other or newer data, or a release that has ended',
} as const;
export type Reason = keyof typeof reasons;

export interface Explanation {
  readonly reason: Reason;
  /** What is special about this one: a version, a day, a file. */
  readonly detail: string;
}

export interface ExplainContext {
  readonly subject: Subject;
  readonly assessment: Assessment;
  readonly book: AdvisoryBook;
  readonly asOf: string | undefined;
}

/** Why a row that another scanner has is missing in our list. `names` are all names of its vulnerability. */
export function explainMissing(row: ReportedRow, names: ReadonlySet<string>, context: ExplainContext): Explanation {
  const { subject, assessment } = context;
  const packages = subject.packages.filter((pkg) => isSamePackage(pkg, row));
  const [pkg] = packages;
  if (pkg === undefined) return { reason: 'no-package', detail: `${row.package} ${row.version}` };
  const left = assessment.notChecked.find(({ what }) => [...names].some((id) => what === `${id} of ${pkg.name}`));
  if (left !== undefined) return { reason: 'left-out', detail: left.why };
  const owner = packages.every(({ ownedBy }) => ownedBy !== undefined) ? pkg.ownedBy : undefined;
  if (owner !== undefined) return { reason: 'owned', detail: owner };
  const said = whatAdvisoriesSay(packages, names, context);
  if (said !== undefined) return said;
  return row.isByCpe ? { reason: 'cpe', detail: '' } : { reason: 'no-advice', detail: '' };
}

/** By its own name or that of its source; scanners differ in whether a version has its epoch. */
export function isSamePackage(pkg: Package, { package: name, version }: ReportedRow): boolean {
  const plain = (text: string): string => text.replace(/^\d+:/, '').replace(/^v(?=\d)/, '');
  const names = [pkg.name, pkg.source?.name, pkg.name.split(/[:/]/).at(-1)].map((text) => text?.toLowerCase());
  if (!names.includes(name.toLowerCase())) return false;
  return version === '' || plain(version) === plain(pkg.version) || plain(version) === plain(pkg.source?.version ?? '');
}

/** Advice of ours on the package under one of the names, and why it does not match. */
function whatAdvisoriesSay(
  packages: readonly Package[],
  names: ReadonlySet<string>,
  { book, asOf, subject: { distribution } }: ExplainContext,
): Explanation | undefined {
  for (const pkg of packages) {
    for (const { stream, name, version } of lookupsOf(pkg, distribution)) {
      const order = orderOf(stream);
      for (const advice of book.find(stream, name)) {
        if (![advice.id, ...advice.aliases].some((id) => names.has(id)) || order === undefined) continue;
        if (advice.isNever === true) return { reason: 'not-affected', detail: `${advice.origin}: never had it` };
        const isHit = advice.intervals.some((one) => isInside(version, one, order));
        const day = advice.published?.slice(0, 10);
        if (isHit && asOf !== undefined && day !== undefined && day > asOf) return { reason: 'later', detail: day };
        if (!isHit) return { reason: 'not-affected', detail: `${advice.origin}: ${rangesText(advice.intervals)}` };
      }
    }
  }
  return undefined;
}

function rangesText(intervals: readonly { from?: string; to?: string; last?: string }[]): string {
  const texts = intervals.map(({ from, to, last }) => {
    const end = to === undefined ? '' : ` before ${to}`;
    return `${from === undefined ? '' : `from ${from}`}${end}${last === undefined ? '' : ` until ${last}`}`.trim();
  });
  return `affected ${texts.join(', ')}`;
}
