import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adviceOf, type Advice, type Filed } from '../../../src/inspect/packages/advisories/advice.ts';
import { normalName, orderOf } from '../../../src/inspect/packages/advisories/ecosystems.ts';
import { isInside } from '../../../src/inspect/packages/advisories/intervals.ts';
import { MemoryBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { readFeeds } from '../../../src/inspect/packages/advisories/read-feeds.ts';
import type { Suite, SuiteFailure } from '../suite.ts';

/**
 * What people decided about matches of a scanner on real images: true ones must be found where the record is in our data; how many of the
 * false ones are found is told as a figure, because a label is about a place in an image that its row does not name. Rows whose
 * record is not in the corpus are skipped: Red Hat's, Ubuntu's, Amazon's and Oracle's, and most of GitHub's.
 */
const labels = 'image/labels/vulnerability-match-labels.ndjson.gz';
const advisories = 'image/advisories';
/** Statements about records, and records that are wrong on purpose. */
const aside = /\/vex\/|^trap-/;

interface Label {
  readonly image: string;
  readonly label: 'TP' | 'FP' | '??';
  readonly vuln: string;
  /** The CVE of another name. */
  readonly effective?: string;
  readonly pkg: string;
  readonly version: string;
}

const languageStreams = ['pypi', 'rubygems', 'go', 'npm', 'crates.io', 'nuget', 'packagist', 'maven'];

export const suite: Suite = {
  id: 'image/labels',
  async run(corpus) {
    const path = join(corpus, labels);
    if (!existsSync(path)) return { total: 0, passed: 0, skipped: 0, failed: [] };
    const files = globSync('**/*', { cwd: join(corpus, advisories), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !aside.test(file) && !aside.test(basename(file)));
    return judge(readLabels(path), await readBook(files));
  },
};

/** Advice by package, and by release and vulnerability: rows name the binary package, Debian's advisories its source. */
interface LabelBook {
  readonly book: MemoryBook;
  readonly byRelease: ReadonlyMap<string, readonly Filed[]>;
}

async function readBook(files: readonly string[]): Promise<LabelBook> {
  const book = new MemoryBook();
  const byRelease = new Map<string, Filed[]>();
  await readFeeds(files, (entry, format) => {
    book.add(entry, format);
    if (entry.kind !== 'advisory') return;
    for (const filed of adviceOf(entry.record, format)) {
      if (!filed.stream.startsWith('debian:')) continue;
      for (const id of new Set([filed.advice.id, ...filed.advice.aliases])) {
        const key = `${filed.stream} ${id}`;
        byRelease.set(key, [...(byRelease.get(key) ?? []), filed]);
      }
    }
  });
  return { book, byRelease };
}

function judge(rows: readonly Label[], book: LabelBook): Awaited<ReturnType<Suite['run']>> {
  const releases = debianReleases(rows);
  const failed: SuiteFailure[] = [];
  let [total, skipped, falseLabels, falseFindings] = [0, 0, 0, 0];
  for (const row of rows) {
    if (row.label === '??') continue;
    const found = adviceFor(row, book, releases);
    if (row.label === 'TP') total++;
    if (found.length === 0) {
      skipped += Number(row.label === 'TP');
      continue;
    }
    const isFound = found.some(({ stream, advice }) => isAffected(row.version, stream, advice));
    if (row.label === 'FP') {
      falseLabels++;
      falseFindings += Number(isFound);
    } else if (!isFound) {
      const ranges = found.map(({ stream, advice }) => `${stream} ${JSON.stringify(advice.intervals)}`).join(' ');
      failed.push({ case: `${row.image} ${row.vuln} ${row.pkg} ${row.version}`, got: ranges, want: 'affected' });
    }
  }
  return {
    total,
    passed: total - skipped - failed.length,
    skipped,
    failed,
    figures: { 'false matches with a record': falseLabels, 'of those found': falseFindings },
  };
}

interface Found {
  readonly stream: string;
  readonly advice: Advice;
}

/** Advice on the package under this vulnerability's name, where the row can be about it: versions of distributions have a revision. */
function adviceFor(row: Label, { book, byRelease }: LabelBook, releases: ReadonlyMap<string, string>): Found[] {
  const { image, vuln, effective, pkg, version, label } = row;
  const debian = releases.get(image);
  const own = debian === undefined ? releaseOf(image) : [debian];
  const streams = version.includes('-') ? [...own, ...languageStreams] : languageStreams;
  const found = streams.flatMap((stream) =>
    book
      .find(stream, normalName(stream, pkg))
      .filter(({ id, aliases }) => [id, ...aliases].some((name) => name === vuln || name === effective))
      .map((advice) => ({ stream, advice })),
  );
  if (found.length > 0 || label === 'FP' || debian === undefined || !version.includes('-')) return found;
  // The binary package of a true row is of the one source that the release has this vulnerability in.
  const filed = [vuln, effective].flatMap((id) => byRelease.get(`${debian} ${id}`) ?? []);
  return new Set(filed.map(({ name }) => name)).size === 1 ? filed : [];
}

/** Debian's releases of images, by the updates that stand in versions of their packages: `1.1.1d-0+deb10u3`. */
function debianReleases(rows: readonly Label[]): ReadonlyMap<string, string> {
  const releases = new Map<string, string>();
  for (const { image, version } of rows) {
    const release = /[+~]deb(?<release>\d+)u\d/.exec(version)?.groups?.['release'];
    if (release !== undefined) releases.set(image, `debian:${release}`);
  }
  return releases;
}

/** Release that an image's name tells: `alpine:3.2`, `vulnerabilities-alpine-3.11`, `python3-debian11`. */
function releaseOf(image: string): string[] {
  const groups = /(?<id>alpine|debian|ubuntu)[:-]?(?<release>\d+(?:\.\d+)?)/.exec(image)?.groups;
  return groups === undefined ? [] : [`${groups['id']}:${groups['release']}`];
}

function isAffected(version: string, stream: string, advice: Advice): boolean {
  const order = orderOf(stream);
  if (order === undefined) return false;
  return advice.versions.includes(version) || advice.intervals.some((one) => isInside(version, one, order));
}

function readLabels(path: string): Label[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Label);
}
