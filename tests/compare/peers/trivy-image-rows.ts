import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openImage } from '../../../src/inspect/image/open-image.ts';
import type { AdvisoryBook } from '../../../src/inspect/packages/advisories/book.ts';
import { loadBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import { assess } from '../../../src/inspect/packages/matching/assess.ts';
import type { Peer } from '../peer.ts';
import { corpusFiles, differences } from '../tools.ts';
import { comparedImages, imageForTrivy, prepareTrivy, scanWithTrivy, trivyProgram } from '../trivy.ts';

/** Trivy scans the images of the corpus with a database of the same advisories: each row must be ours, and none more. */
export const peer: Peer = {
  id: 'trivy/image-rows',
  isAvailable: () => Promise.resolve(trivyProgram() !== undefined && comparedImages().length > 0),
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-trivy-'));
    try {
      const trivy = prepareTrivy(trivyProgram() ?? '', folder);
      const files = corpusFiles('image/advisories/osv/*.osv.ndjson*').filter(
        (file) => !basename(file).startsWith('trap-'),
      );
      const { book } = await loadBook(files);
      const found: string[] = [];
      let rows = 0;
      for (const path of comparedImages()) {
        const image = imageForTrivy(path, folder);
        const theirs = scanWithTrivy(trivy, image.kind, image.path);
        if (theirs === undefined) {
          found.push(`${basename(path)}: Trivy could not scan it`);
          continue;
        }
        rows += theirs.length;
        const texts = theirs.map((row) => [row.id, row.package, row.installed, row.fixed].join(' '));
        found.push(...differences(basename(path), counted(await ourRows(image.path, book)), counted(texts)));
      }
      return { differences: found, figures: { images: comparedImages().length, 'rows of Trivy': rows } };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function ourRows(path: string, book: AdvisoryBook): Promise<string[]> {
  const image = await openImage(path);
  try {
    const { packages, distribution } = catalogTree(image.tree);
    const options = { today: '2026-11-26', vex: [], ignores: [] };
    const { vulnerabilities } = assess({ name: path, packages, distribution }, book, options);
    return vulnerabilities.map(({ id, package: { name, version }, fixed }) =>
      [id, name, version, fixed ?? ''].join(' '),
    );
  } finally {
    image.close();
  }
}

function counted(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
