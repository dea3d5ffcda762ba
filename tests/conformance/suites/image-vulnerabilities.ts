import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openImage } from '../../../src/inspect/image/open-image.ts';
import type { AdvisoryBook } from '../../../src/inspect/packages/advisories/book.ts';
import { loadBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import {
  assess,
  type Assessment,
  type AssessOptions,
  type Subject,
} from '../../../src/inspect/packages/matching/assess.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { trapCases } from './image-vulnerability-cases/traps.ts';
import { unpackedPath } from './image-vulnerability-cases/unpack.ts';

/** Whole images against the rows of a scanner on the same advisories, and single records that naive matchers get wrong. */
const images = 'image/images';
const folder = 'image/advisories/osv';

interface Expected {
  readonly results: readonly {
    readonly cls: string;
    /** Id, package, installed version, fixed version. */
    readonly vulnerabilities?: readonly (readonly [string, string, string, string])[];
  }[];
}

const options: AssessOptions = { today: '2026-11-26', vex: [], ignores: [] };

export const suite: Suite = {
  id: 'image/vulnerabilities',
  async run(corpus) {
    const failed: SuiteFailure[] = [];
    const figures: Record<string, number | string> = {};
    let [total, skipped] = [0, 0];
    const check = (name: string, got: string, want: string): void => {
      total++;
      if (got !== want) failed.push({ case: name, got, want });
    };
    const book = await readBook(corpus);
    const temporary = mkdtempSync(join(tmpdir(), 'vakthund-images-'));
    try {
      for (const file of globSync('*.trivy.json', { cwd: join(corpus, images, 'expected') }).sort()) {
        const name = file.slice(0, -'.trivy.json'.length);
        const image = unpackedPath(join(corpus, images), name, temporary);
        if (image === undefined) {
          total++;
          skipped++;
          continue;
        }
        const subject = await readSubject(image);
        const now = assess(subject, book, options);
        const expected = JSON.parse(readFileSync(join(corpus, images, 'expected', file), 'utf8')) as Expected;
        const want = expected.results.flatMap(({ vulnerabilities = [] }) =>
          vulnerabilities.map((row) => row.join(' ')),
        );
        check(`${name}: rows`, listText(rowsOf(now)), listText(want));
        figures[name] = countsText(now);
        figures[`${name} on 2023-09-22`] = countsText(assess(subject, book, { ...options, asOf: '2023-09-22' }));
      }
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    for (const { name, got, want } of await trapCases(join(corpus, folder))) check(name, got, want);
    return { total, passed: total - skipped - failed.length, skipped, failed, figures };
  },
};

/** The advisories that the expectations were made with: not the traps, which stand beside them. */
async function readBook(corpus: string): Promise<AdvisoryBook> {
  const files = globSync('*.osv.ndjson*', { cwd: join(corpus, folder) })
    .filter((file) => !basename(file).startsWith('trap-'))
    .map((file) => join(corpus, folder, file));
  return (await loadBook(files.filter((file) => existsSync(file)))).book;
}

async function readSubject(path: string): Promise<Subject> {
  const image = await openImage(path);
  try {
    const { packages, distribution } = catalogTree(image.tree);
    return { name: path, packages, distribution };
  } finally {
    image.close();
  }
}

function rowsOf({ vulnerabilities }: Assessment): string[] {
  return vulnerabilities.map(({ id, package: pkg, fixed }) => `${id} ${pkg.name} ${pkg.version} ${fixed ?? ''}`.trim());
}

/** Sorted, with the number before; the first difference is then seen at once. */
function listText(rows: readonly string[]): string {
  return `${rows.length} rows: ${[...rows].sort().join(', ')}`;
}

function countsText({ counts }: Assessment): string {
  return `${counts.rows} rows, ${counts.unique} unique, ${counts.actionable} with a fix`;
}
