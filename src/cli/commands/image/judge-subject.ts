import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { AdvisoryBook } from '../../../inspect/packages/advisories/book.ts';
import { JoinedBook } from '../../../inspect/packages/advisories/joined-book.ts';
import type { LoadedBook } from '../../../inspect/packages/advisories/memory-book.ts';
import { StoredBook } from '../../../inspect/packages/advisories/store/read-store.ts';
import { storePath } from '../../../inspect/packages/advisories/store/update-store.ts';
import { readVexFiles } from '../../../inspect/packages/advisories/vex/read-vex.ts';
import { assess, type Assessment, type NotChecked } from '../../../inspect/packages/matching/assess.ts';
import { pendingUpdates, type PendingUpdate } from '../../../inspect/packages/updates/pending-updates.ts';
import { readIgnores } from '../../../inspect/packages/matching/ignores.ts';
import { dataFolder } from '../../data-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import type { AssessmentOptions } from './scan-options.ts';
import { openSubject, type OpenedSubject } from './scan-subject.ts';

/** Everything that a scan says, and what it was judged by. */
export interface Judged {
  readonly subject: OpenedSubject;
  /** With the problems of all that was read. */
  readonly assessment: Assessment;
  readonly book: AdvisoryBook;
  readonly asOf: string | undefined;
  /** Day on which the advisory store was built; undefined for files that were given. */
  readonly dataDate: string | undefined;
  /** Of archives that were given, or whose lists stand in the subject. */
  readonly updates: readonly PendingUpdate[];
}

/** Opens the subject and the advisories, and holds one against the other. */
export async function judgeSubject(reference: string, options: AssessmentOptions, terminal: Terminal): Promise<Judged> {
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const { book, problems, date } = await openBook(options, terminal);
  const subject = await openSubject(reference, options, terminal);
  const vex = readVexFiles(options.vex);
  const ignores = options.ignore.map((path) => readIgnores(path));
  const assessment = assess(subject, book, {
    today: new Date().toISOString().slice(0, 10),
    ...(asOf === undefined ? {} : { asOf }),
    withDevelopment: options.withDevelopment === true,
    vex: vex.statements,
    ignores: ignores.flatMap((file) => file.ignores),
  });
  const pending = await findUpdates(subject, options);
  const all = [assessment, subject, { problems }, pending, vex, ...ignores].flatMap((part) => part.problems);
  return {
    subject,
    assessment: { ...assessment, problems: all, notChecked: [...staleness(date, asOf), ...assessment.notChecked] },
    book,
    asOf,
    dataDate: date,
    updates: pending.updates,
  };
}

/** Days after which a store is old: some hundred advisories are published on each. */
const staleDays = 7;

function staleness(builtOn: string | undefined, asOf: string | undefined): NotChecked[] {
  const days = builtOn === undefined ? 0 : Math.floor((Date.now() - Date.parse(builtOn)) / 86_400_000);
  if (builtOn === undefined || days <= staleDays || (asOf !== undefined && asOf <= builtOn)) return [];
  const why = `the advisory store is ${days} days old: "vakthund feeds update" builds it anew`;
  return [{ what: `what was published after ${builtOn}`, why }];
}

/** Archives have what is newest today: they say nothing about another day. */
async function findUpdates(
  { packages, distribution, indexes }: OpenedSubject,
  { archive = [], asOf }: AssessmentOptions,
): Promise<{ readonly updates: readonly PendingUpdate[]; readonly problems: readonly Problem[] }> {
  if (asOf !== undefined || archive.length + indexes.length === 0) return { updates: [], problems: [] };
  const { readIndexFiles } = await import('../../../inspect/packages/updates/read-indexes.ts');
  const given = await readIndexFiles(archive);
  const { updates, foreign } = pendingUpdates(packages, distribution, [...indexes, ...given.indexes]);
  const strangers = foreign.map((suite): Problem => ({
    code: 'partly-seen',
    at: { path: suite },
    message: 'the archive is of another release, and was not compared',
  }));
  return { updates, problems: [...given.problems, ...strangers] };
}

export interface OpenedBook {
  readonly book: AdvisoryBook;
  readonly problems: readonly Problem[];
  readonly date: string | undefined;
}

async function openBook(options: AssessmentOptions, terminal: Terminal): Promise<OpenedBook> {
  const { advisories, store, changelogs } = options;
  if (changelogs === undefined) return openAdvisories(advisories, store);
  const logged = await bookOfChangelogs(changelogs, options, terminal);
  // Change logs are enough to begin with: they need no database.
  if (advisories.length === 0 && store === undefined) return { ...logged, date: undefined };
  const { book, problems, date } = await openAdvisories(advisories, store);
  return { book: new JoinedBook([book, logged.book]), problems: [...problems, ...logged.problems], date };
}

/** The advisories that were named, or those of the store. */
export async function openAdvisories(advisories: readonly string[], store: string | undefined): Promise<OpenedBook> {
  if (advisories.length > 0) {
    const { loadBook } = await import('../../../inspect/packages/advisories/memory-book.ts');
    return { ...(await loadBook(advisories)), date: undefined };
  }
  const book = new StoredBook(storePath(store ?? dataFolder('advisories')));
  return { book, problems: [], date: book.info.builtAt.slice(0, 10) };
}

async function bookOfChangelogs(reference: string, options: ImageOptions, terminal: Terminal): Promise<LoadedBook> {
  const { catalogTree } = await import('../../../inspect/packages/catalog.ts');
  const { bookOfTree } = await import('../../../inspect/packages/advisories/changelogs/changelog-advice.ts');
  return withImage(reference, options, terminal, ({ tree }) => {
    const { packages, distribution } = catalogTree(tree);
    const { book, problems, read } = bookOfTree(tree, packages, distribution);
    if (read > 0) return { book, problems };
    throw new VakthundError('NOT_FOUND', `"${reference}" holds no change logs of Debian packages`, {
      hint: 'slim images leave /usr/share/doc out; take one that was made without that',
    });
  });
}

function dayOf(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new VakthundError('USAGE', `"${text}" is no day`, { hint: 'write it as 2023-09-22' });
}
