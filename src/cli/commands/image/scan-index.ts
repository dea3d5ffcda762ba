import { assessIndexed, isGap } from '../../../inspect/image/policy/judge-image.ts';
import type { IndexedImage } from '../../../inspect/image/index-store/record.ts';
import type { Assessment } from '../../../inspect/packages/matching/assess.ts';
import { visibleJson } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { openIndex } from './index-file.ts';
import { openAdvisories } from './judge-subject.ts';
import type { JudgeOptions } from './judge-index.ts';
import { tellProblems } from './print-image.ts';
import { nameOf, usesByImage } from './print-index.ts';

const columns = [
  ['image', 'VARCHAR'],
  ['uses', 'BIGINT'],
  ['exploited', 'BIGINT'],
  ['critical', 'BIGINT'],
  ['high', 'BIGINT'],
  ['unique', 'BIGINT'],
  ['actionable', 'BIGINT'],
  ['rows', 'BIGINT'],
  ['not judged', 'BIGINT'],
] as const;

interface Row {
  readonly image: IndexedImage;
  readonly uses: number;
  readonly assessment: Assessment;
}

/** Prints what the advisories of today say of every image of the index, as it was read then; no image is opened again. */
export async function scanIndex(caseFolder: string, options: JudgeOptions, terminal: Terminal): Promise<ExitCode> {
  const index = openIndex(caseFolder);
  const { book, problems } = await openAdvisories(options.advisories, options.store);
  const uses = usesByImage(index);
  const now = Date.now() * 1000;
  const rows = index.images
    .map((image) => ({ image, uses: uses.get(image)?.length ?? 0, assessment: assessIndexed(image, book, now) }))
    .sort(worstFirst);
  tellProblems(problems, terminal);
  if (terminal.json) terminal.out(asJson(rows));
  else terminal.out(rowsAsTable({ ...table(rows), isCut: false }, terminal.width));
  const gaps = rows.filter(({ assessment }) => assessment.notChecked.some(isGap)).length;
  if (gaps > 0) {
    terminal.talk(
      `${gaps} of ${rows.length} images have packages that no advisories are loaded for; --json names them\n`,
    );
  }
  return 0;
}

/** What is used counts more than what only lies there. */
function worstFirst(a: Row, b: Row): number {
  return (
    Number(b.uses > 0) - Number(a.uses > 0) ||
    exploited(b) - exploited(a) ||
    severe(b, 'critical') - severe(a, 'critical') ||
    severe(b, 'high') - severe(a, 'high') ||
    b.assessment.counts.actionable - a.assessment.counts.actionable
  );
}

function exploited({ assessment }: Row): number {
  return countOf(assessment.vulnerabilities.filter(({ exploitedSince }) => exploitedSince !== undefined));
}

function severe({ assessment }: Row, wanted: 'critical' | 'high'): number {
  return countOf(assessment.vulnerabilities.filter(({ severity }) => severity === wanted));
}

function countOf(vulnerabilities: Assessment['vulnerabilities']): number {
  return new Set(vulnerabilities.map(({ id }) => id)).size;
}

function table(rows: readonly Row[]): { columns: { name: string; type: string }[]; rows: (string | number)[][] } {
  return {
    columns: columns.map(([name, type]) => ({ name, type })),
    rows: rows.map((row) => [
      nameOf(row.image),
      row.uses,
      exploited(row),
      severe(row, 'critical'),
      severe(row, 'high'),
      row.assessment.counts.unique,
      row.assessment.counts.actionable,
      row.assessment.counts.rows,
      row.assessment.notChecked.filter(isGap).length,
    ]),
  };
}

function asJson(rows: readonly Row[]): string {
  const images = rows.map((row) => ({
    image: { id: row.image.id, digest: row.image.digest ?? null, names: row.image.names, places: row.image.places },
    uses: row.uses,
    counts: row.assessment.counts,
    exploited: exploited(row),
    critical: severe(row, 'critical'),
    high: severe(row, 'high'),
    not_checked: row.assessment.notChecked,
  }));
  return `${visibleJson(JSON.stringify({ images }, undefined, 1))}\n`;
}
