import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { AdvisoryBook } from '../../../inspect/packages/advisories/book.ts';
import { JoinedBook } from '../../../inspect/packages/advisories/joined-book.ts';
import type { LoadedBook } from '../../../inspect/packages/advisories/memory-book.ts';
import { dataAge, staleDays, type DataAge } from '../../../inspect/packages/advisories/store/data-age.ts';
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
  /** Day of the newest advisories in the store; undefined for files that were given. */
  readonly dataDate: string | undefined;
  /** Of archives that were given, or whose lists stand in the subject. */
  readonly updates: readonly PendingUpdate[];
}

/** Opens the subject and the advisories, and holds one against the other. */
export async function judgeSubject(reference: string, options: AssessmentOptions, terminal: Terminal): Promise<Judged> {
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const { book, problems, age } = await openBook(options, terminal);
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
    assessment: { ...assessment, problems: all, notChecked: [...staleness(age, asOf), ...assessment.notChecked] },
    book,
    asOf,
    dataDate: age?.day,
    updates: pending.updates,
  };
}

function staleness(age: DataAge | undefined, asOf: string | undefined): NotChecked[] {
  if (age === undefined) return [];
  const left = age.left.filter(({ day }) => asOf === undefined || asOf > day);
  const lagging = left.map(({ from, day }) => ({
    what: `what ${from} published after ${day}`,
    why: 'it could not be fetched since',
  }));
  if (age.days <= staleDays || (asOf !== undefined && asOf <= age.day)) return lagging;
  const why = `the advisory store is ${age.days} days old: "vakthund feeds update" builds it anew`;
  return [{ what: `what was published after ${age.day}`, why }, ...lagging];
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
  /** Of a store; undefined for files that were given. */
  readonly age: DataAge | undefined;
}

async function openBook(options: AssessmentOptions, terminal: Terminal): Promise<OpenedBook> {
  const { advisories, store, changelogs } = options;
  if (changelogs === undefined) return openAdvisories(advisories, store);
  const logged = await bookOfChangelogs(changelogs, options, terminal);
  // Change logs are enough to begin with: they need no database.
  if (advisories.length === 0 && store === undefined) return { ...logged, age: undefined };
  const { book, problems, age } = await openAdvisories(advisories, store);
  return { book: new JoinedBook([book, logged.book]), problems: [...problems, ...logged.problems], age };
}

/** The advisories that were named, or those of the store. */
export async function openAdvisories(advisories: readonly string[], store: string | undefined): Promise<OpenedBook> {
  if (advisories.length > 0) {
    const { loadBook } = await import('../../../inspect/packages/advisories/memory-book.ts');
    return { ...(await loadBook(advisories)), age: undefined };
  }
  const book = new StoredBook(storePath(store ?? dataFolder('advisories')));
  return { book, problems: [], age: dataAge(book.info, new Date()) };
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
