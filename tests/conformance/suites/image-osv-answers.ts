import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { normalName, orderOf, streamOf } from '../../../src/inspect/packages/advisories/ecosystems.ts';
import { loadBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { matchPackages } from '../../../src/inspect/packages/matching/match.ts';
import type { PackageType } from '../../../src/inspect/packages/package.ts';
import { namedPackage } from './image-vulnerability-cases/package.ts';
import type { Suite, SuiteFailure } from '../suite.ts';

/** Answers that api.osv.dev gave for a package and version, against our own on the full databases that we have. */
const answers = 'image/labels/osv-api-query-answers.ndjson.gz';
const records = 'image/advisories/osv';

interface Answer {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly ids: readonly string[];
}

const types: Readonly<Record<string, PackageType>> = { pypi: 'pypi', go: 'golang' };
/** Ids of the databases that are here whole; the answers also hold those of others (GHSA), and of records that are younger. */
const ownIds: Readonly<Record<string, RegExp>> = { pypi: /^PYSEC-/, go: /^GO-/ };

export const suite: Suite = {
  id: 'image/osv-answers',
  async run(corpus) {
    const path = join(corpus, answers);
    if (!existsSync(path)) return { total: 0, passed: 0, skipped: 0, failed: [] };
    const files = globSync('{pypi,go}-*.osv.ndjson*', { cwd: join(corpus, records) });
    const { book } = await loadBook(files.map((file) => join(corpus, records, file)));
    const known = knownIds(files.map((file) => join(corpus, records, file)));
    const failed: SuiteFailure[] = [];
    let [total, skipped, more] = [0, 0, 0];
    for (const { ecosystem, name, version, ids } of readAnswers(path)) {
      total++;
      const stream = streamOf(ecosystem);
      const type = types[stream];
      if (type === undefined || !book.streams.has(stream) || orderOf(stream) === undefined) {
        skipped++;
        continue;
      }
      const pkg = namedPackage(type, name, version);
      const { matches } = matchPackages([pkg], book, { distribution: undefined });
      const got = new Set(matches.map(({ advice }) => advice.id));
      const want = ids.filter((id) => ownIds[stream]?.test(id) === true && known.has(id));
      const missing = want.filter((id) => !got.has(id));
      const extra = [...got].filter((id) => !ids.includes(id));
      more += extra.length;
      if (missing.length === 0) continue;
      failed.push({
        case: `${ecosystem} ${normalName(stream, name)} ${version}`,
        got: `not ${missing.join(', ')}`,
        want: want.join(', '),
      });
    }
    const passed = total - skipped - failed.length;
    return { total, passed, skipped, failed, figures: { 'ids that the answers do not have': more } };
  },
};

function readAnswers(path: string): Answer[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Answer);
}

/** Ids of records that are there and count. */
function knownIds(paths: readonly string[]): ReadonlySet<string> {
  const ids = paths.flatMap((path) => {
    const bytes = readFileSync(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const parsed = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { id: string; withdrawn?: string });
    return parsed.filter(({ withdrawn }) => withdrawn === undefined).map(({ id }) => id);
  });
  return new Set(ids);
}
