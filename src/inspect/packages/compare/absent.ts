import type { Vulnerability } from '../matching/vulnerabilities.ts';
import type { ScannerReport } from './report.ts';

/** Why a report lacks what others list, as far as it tells: the data of its scanner are not here. */
export const absences = {
  later: {
    why: 'it was published after the report was made',
    next: 'scan again with that scanner',
  },
  filtered: {
    why: 'the report leaves such ones out',
    next: 'make the report again without a filter (severity, fixes, ignores)',
  },
  'other-version': {
    why: 'it saw another version of the package',
    next: 'see that both looked at the same build',
  },
  unseen: {
    why: 'it did not see the package',
    next: 'open the file that we name: if the package is there, that scanner does not read it',
  },
  unlisted: {
    why: 'it lists nothing of this package: it did not see it, or its data say nothing of it',
    next: 'let it list all packages (Trivy: --list-all-pkgs) to know which',
  },
  data: {
    why: 'it saw the package, and its data say nothing of this one, or that it is repaired',
    next: 'update its database and scan again; what stays is the word of the advisory that we name',
  },
} as const;

export interface Absence {
  readonly reason: keyof typeof absences;
  readonly detail: string;
}

/** What a report says, to be asked often. */
export class ReportFacts {
  readonly #report: ScannerReport;
  readonly #versions = new Map<string, Set<string>>();
  readonly #severities: ReadonlySet<string>;
  readonly #hasUnfixed: boolean;

  constructor(report: ScannerReport) {
    this.#report = report;
    for (const { package: name, version } of report.rows) {
      const known = this.#versions.get(name);
      if (known === undefined) this.#versions.set(name, new Set([version]));
      else known.add(version);
    }
    this.#severities = new Set(report.rows.flatMap(({ severity }) => severity ?? []));
    this.#hasUnfixed = report.rows.some(({ fixed }) => fixed === undefined);
  }

  /** `own` is our entry, undefined for what only another scanner lists. */
  absenceOf(own: Vulnerability | undefined, name: string, version: string): Absence {
    const { createdAt, packages } = this.#report;
    const published = own?.published;
    if (published !== undefined && createdAt !== undefined && published > createdAt) {
      return { reason: 'later', detail: published.slice(0, 10) };
    }
    const versions = this.#versions.get(name);
    if (versions !== undefined && !versions.has(version) && !versions.has('')) {
      return { reason: 'other-version', detail: `there ${[...versions].slice(0, 3).join(', ')}` };
    }
    const filter = own === undefined ? undefined : this.#filterOf(own);
    if (filter !== undefined) return { reason: 'filtered', detail: filter };
    const origin = own === undefined ? '' : `by ${own.origins.join(', ')}`;
    if (versions !== undefined || packages?.has(name) === true) return { reason: 'data', detail: origin };
    const place = own?.package.locations[0];
    return {
      reason: packages === undefined ? 'unlisted' : 'unseen',
      detail: place === undefined ? '' : `ours in ${place}`,
    };
  }

  /** Filters leave their mark in a list that is long enough. */
  #filterOf({ severity, fixState }: Vulnerability): string | undefined {
    if (this.#report.rows.length < minRows) return undefined;
    if (fixState !== 'fixed' && !this.#hasUnfixed) return 'it has none without a fix';
    const levels = [...this.#severities];
    if (levels.length === 0 || severity === 'unknown' || this.#severities.has(severity)) return undefined;
    const isHigh = levels.every((level) => highest.has(level));
    return isHigh && !highest.has(severity) ? `it has ${levels.sort().join(' and ')} only` : undefined;
  }
}

const minRows = 10;
const highest: ReadonlySet<string> = new Set(['critical', 'high']);
