/**
 * Trains the model of `src/detect/analytics/dga` and packs its dictionary: `node tools/dga-model/main.ts WORDS PACKAGES LATIN FILTERS`.
 * - WORDS: folder of word lists as Debian's packages wamerican, wngerman, wfrench, wspanish, witalian, wportuguese, wdutch, wpolish and wswedish
 *   install them (/usr/share/dict)
 * - PACKAGES: JSON list of package names (`names.json` of the npm package all-the-package-names 1.3905.0)
 * - LATIN: list of Latin words (`lemmes.la` of Debian's collatinus)
 * - FILTERS: folder of content filters (`assets` of Debian's webext-ublock-origin-firefox): the web sites that they name
 * Of all but the English words only weights of character groups are kept, no word and no name. The same input gives the same model.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { featuresOf } from '../../src/detect/analytics/dga/features.ts';
import { longest, shortest } from '../../src/detect/analytics/dga/words.ts';
import { Learner } from './learner.ts';
import { latinIn, namesIn, packagesIn, sitesIn, wordsIn } from './read-lists.ts';
import { humanDomain, Numbers, randomDomain, wordyDomain, type Sources } from './samples.ts';

const rounds = 600_000;
const root = join(import.meta.dirname, '../..');
const languages = [
  'american-english',
  'ngerman',
  'french',
  'italian',
  'spanish',
  'portuguese',
  'dutch',
  'polish',
  'swedish',
];
/** Names of software that a word must stand in to be common. */
const leastUses = 3;

const [wordFolder = '', packageFile = '', latinFile = '', filterFolder = ''] = process.argv.slice(2);
if (filterFolder === '') {
  process.stderr.write('Usage: node tools/dga-model/main.ts WORDS PACKAGES LATIN FILTERS\n');
  process.exit(2);
}
const words = languages.map((language) => wordsIn(join(wordFolder, language)));
const packageNames = packagesIn(packageFile);
const english = [...new Set(words[0])].filter(({ length }) => length >= shortest && length <= longest).sort();
writeFileSync(join(root, 'content/words/english.br'), brotliCompressSync(Buffer.from(english.join('\n'))));

const uses = new Map<string, number>();
for (const part of packageNames.flatMap((name) => name.split('-'))) uses.set(part, (uses.get(part) ?? 0) + 1);
const sources: Sources = {
  words,
  packageNames,
  common: english.filter((word) => (uses.get(word) ?? 0) >= leastUses),
  names: namesIn(join(wordFolder, languages[0] ?? '')),
  latin: latinIn(latinFile),
  sites: sitesIn(filterFolder),
};
const numbers = new Numbers(12_345);
const learner = new Learner();
for (let round = 0; round < rounds; round++) {
  const isGenerated = numbers.next() < 0.5;
  const { label, suffix } = isGenerated ? generatedDomain() : humanDomain(numbers, sources);
  learner.learn(featuresOf(label, suffix), isGenerated ? 1 : 0);
}
writeFileSync(join(root, 'src/detect/analytics/dga/model.json'), `${JSON.stringify(learner.model(), undefined, 1)}\n`);

function generatedDomain() {
  return numbers.next() < 0.68 ? randomDomain(numbers) : wordyDomain(numbers, sources);
}
