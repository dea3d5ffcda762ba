import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { AdvisoryBook } from '../../../inspect/packages/advisories/book.ts';
import { changelogAdvice } from '../../../inspect/packages/advisories/changelogs/changelog-advice.ts';
import { JoinedBook } from '../../../inspect/packages/advisories/joined-book.ts';
import { loadBook, MemoryBook, type LoadedBook } from '../../../inspect/packages/advisories/memory-book.ts';
import { StoredBook } from '../../../inspect/packages/advisories/store/read-store.ts';
import { storePath } from '../../../inspect/packages/advisories/store/update-store.ts';
import { catalogTree } from '../../../inspect/packages/catalog.ts';
import { readVexFiles } from '../../../inspect/packages/advisories/vex/read-vex.ts';
import { assess } from '../../../inspect/packages/matching/assess.ts';
import { readIgnores } from '../../../inspect/packages/matching/ignores.ts';
import { severityRank, type VulnerabilitySeverity } from '../../../inspect/packages/matching/severity.ts';
import type { ExitCode } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import { scanAsJson } from './print-scan-json.ts';
import { scanAsText } from './print-scan-text.ts';
import { openSubject } from './scan-subject.ts';

export interface ScanOptions extends ImageOptions {
  readonly advisories: readonly string[];
  readonly store?: string;
  /** Image whose change logs tell what was repaired. */
  readonly changelogs?: string;
  readonly asOf?: string;
  readonly vex: readonly string[];
  readonly ignore: readonly string[];
  readonly withDevelopment?: boolean;
  readonly failOn?: Exclude<VulnerabilitySeverity, 'unknown' | 'negligible'>;
}

/** Prints the vulnerabilities of an image, a root or a bill of materials. Exit code 1 when one is as bad as `--fail-on`. */
export async function runScan(reference: string, options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const advisories = await openBook(options, terminal);
  const subject = await openSubject(reference, options, terminal);
  const vex = readVexFiles(options.vex);
  const ignores = options.ignore.map((path) => readIgnores(path));
  const assessment = assess(subject, advisories.book, {
    today: new Date().toISOString().slice(0, 10),
    ...(asOf === undefined ? {} : { asOf }),
    withDevelopment: options.withDevelopment === true,
    vex: vex.statements,
    ignores: ignores.flatMap((file) => file.ignores),
  });
  const problems: readonly Problem[] = [
    ...assessment.problems,
    ...subject.problems,
    ...advisories.problems,
    ...vex.problems,
    ...ignores.flatMap((file) => file.problems),
  ];
  const result = { subject, assessment: { ...assessment, problems }, asOf, dataDate: advisories.date };
  terminal.out(terminal.json ? scanAsJson(result) : scanAsText(result, terminal));
  const limit = options.failOn === undefined ? Infinity : severityRank(options.failOn);
  return assessment.vulnerabilities.some(({ severity }) => severityRank(severity) >= limit) ? 1 : 0;
}

interface OpenedBook {
  readonly book: AdvisoryBook;
  readonly problems: readonly Problem[];
  /** Day on which the store was built; undefined for files that were given. */
  readonly date: string | undefined;
}

async function openBook(options: ScanOptions, terminal: Terminal): Promise<OpenedBook> {
  const { advisories, store, changelogs } = options;
  if (changelogs === undefined) return openAdvisories(advisories, store);
  const logged = await bookOfChangelogs(changelogs, options, terminal);
  // Change logs are enough to begin with: they need no database.
  if (advisories.length === 0 && store === undefined) return { ...logged, date: undefined };
  const { book, problems, date } = await openAdvisories(advisories, store);
  return { book: new JoinedBook([book, logged.book]), problems: [...problems, ...logged.problems], date };
}

async function openAdvisories(advisories: readonly string[], store: string | undefined): Promise<OpenedBook> {
  if (advisories.length > 0) return { ...(await loadBook(advisories)), date: undefined };
  const book = new StoredBook(storePath(store ?? dataFolder('advisories')));
  return { book, problems: [], date: book.info.builtAt.slice(0, 10) };
}

function bookOfChangelogs(reference: string, options: ImageOptions, terminal: Terminal): Promise<LoadedBook> {
  return withImage(reference, options, terminal, ({ tree }) => {
    const { packages, distribution } = catalogTree(tree);
    const { filed, problems, read } = changelogAdvice(tree, packages, distribution);
    if (read === 0) {
      throw new VakthundError('NOT_FOUND', `"${reference}" holds no change logs of Debian packages`, {
        hint: 'slim images leave /usr/share/doc out; take one that was made without that',
      });
    }
    const book = new MemoryBook();
    for (const { stream, name, advice } of filed) book.file(stream, name, advice);
    return { book, problems };
  });
}

function dayOf(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new VakthundError('USAGE', `"${text}" is no day`, { hint: 'write it as 2023-09-22' });
}
