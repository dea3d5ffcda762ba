import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Advice } from '../../../src/inspect/packages/advisories/advice.ts';
import type { AdvisoryBook } from '../../../src/inspect/packages/advisories/book.ts';
import { normalName, orderOf, streamOf } from '../../../src/inspect/packages/advisories/ecosystems.ts';
import { loadBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { matchPackages } from '../../../src/inspect/packages/matching/match.ts';
import type { PackageType } from '../../../src/inspect/packages/package.ts';
import { namedDistribution, namedPackage } from './image-vulnerability-cases/package.ts';
import type { Suite, SuiteFailure } from '../suite.ts';

/**
 * Answers that api.osv.dev gave for a package and version, against our own. Of databases that are here whole each answer is judged; of
 * others, for which the corpus has some records, those answers that name one of them.
 */
const answers = 'image/labels/osv-api-query-answers.ndjson.gz';
const records = 'image/advisories';
/** Statements about records, records that are wrong on purpose or made from change logs, and Alpine's view of another day. */
const aside = /\/vex\/|trap-|changelog|asof/;

interface Answer {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly ids: readonly string[];
}

const types: Readonly<Record<string, PackageType>> = {
  pypi: 'pypi',
  go: 'golang',
  rubygems: 'gem',
  'crates.io': 'cargo',
  npm: 'npm',
  maven: 'maven',
  packagist: 'composer',
  nuget: 'nuget',
};
const distributionTypes: Readonly<Record<string, PackageType>> = { alpine: 'apk', debian: 'deb', ubuntu: 'deb' };
/** Streams of which all records are here. */
const whole: ReadonlySet<string> = new Set(['pypi', 'go', 'rubygems', 'crates.io']);
/** Of these the answers also hold GitHub's records, which have other ranges: their names are aliases of records here. */
const ownIds: Readonly<Record<string, RegExp>> = { pypi: /^PYSEC-/, go: /^GO-/, 'crates.io': /^RUSTSEC-/ };

export const suite: Suite = {
  id: 'image/osv-answers',
  async run(corpus) {
    const path = join(corpus, answers);
    if (!existsSync(path)) return { total: 0, passed: 0, skipped: 0, failed: [] };
    const files = globSync('**/*', { cwd: join(corpus, records), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !aside.test(file));
    const { book } = await loadBook(files);
    const failed: SuiteFailure[] = [];
    let [total, skipped, more] = [0, 0, 0];
    for (const answer of readAnswers(path)) {
      total++;
      const verdict = judge(answer, book);
      more += verdict?.more ?? 0;
      if (verdict === undefined) skipped++;
      else if (verdict.missing.length > 0) {
        failed.push({
          case: `${answer.ecosystem} ${answer.name} ${answer.version}`,
          got: `not ${verdict.missing.join(', ')}`,
          want: verdict.want.join(', '),
        });
      }
    }
    const passed = total - skipped - failed.length;
    return { total, passed, skipped, failed, figures: { 'ids that the answers do not have': more } };
  },
};

interface Verdict {
  readonly want: readonly string[];
  readonly missing: readonly string[];
  readonly more: number;
}

/** Undefined for an answer that the corpus has no record of. */
function judge({ ecosystem, name, version, ids }: Answer, book: AdvisoryBook): Verdict | undefined {
  const stream = streamOf(ecosystem);
  const [family = '', release = ''] = stream.split(':');
  const type = types[stream] ?? distributionTypes[family];
  if (type === undefined || !book.streams.has(stream) || orderOf(stream) === undefined) return undefined;
  const known = new Set(book.find(stream, normalName(stream, name)).flatMap((advice) => namesOf(advice)));
  const want = ids.filter((id) => known.has(id) && ownIds[stream]?.test(id) !== false);
  if (want.length === 0 && !whole.has(stream)) return undefined;
  const distribution = release === '' ? undefined : namedDistribution(family, release);
  const { matches } = matchPackages([namedPackage(type, name, version)], book, { distribution });
  const got = matches.map(({ advice }) => namesOf(advice));
  const found = new Set(got.flat());
  return {
    want,
    missing: want.filter((id) => !found.has(id)),
    more: got.filter((names) => !names.some((one) => ids.includes(one))).length,
  };
}

function namesOf({ id, aliases, bulletin }: Advice): readonly string[] {
  return [id, ...aliases, ...(bulletin === undefined ? [] : [bulletin])];
}

function readAnswers(path: string): Answer[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Answer);
}
