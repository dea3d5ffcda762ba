/**
 * Trains the model of `src/detect/analytics/dga` and packs its words: `node tools/dga-model/main.ts FOLDER [FAMILY...]`, of which `gather.sh` fetches
 * what stands in the folder. Of domains and names of software only weights are kept. The same input gives the same model. One in ten domains of people
 * is not learnt from: with fresh names of the generators they give the threshold and the figures that are printed. With families named, these are not
 * learnt from either and nothing is written: what is printed of them tells how families are judged that nobody knew.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featuresOf } from '../../src/detect/analytics/dga/features.ts';
import { networkOf, outputOf } from '../../src/detect/analytics/dga/network.ts';
import { families, generatedDomain } from './families.ts';
import { figuresOf, sharesOf } from './figures.ts';
import { Learner } from './learner.ts';
import * as lists from './read-lists.ts';
import { humanDomain, Numbers, type Domain, type Sources } from './samples.ts';
import { knownWords, packedPairs, packedWords, pairsThatGoTogether } from './word-data.ts';
import type { WordStock } from './family.ts';

const lessons = 3_500_000;
const trials = 20_000;
const root = join(import.meta.dirname, '../..');
const languages =
  'american-english ngerman french italian spanish portuguese brazilian dutch polish swedish danish bokmaal catalan'.split(
    ' ',
  );
const spelling = 'cs_CZ hr_HR hu_HU id_ID ro_RO tr_TR vi_VN'.split(' ');
/** Frequent words from which Nymaim draws, and their least length. */
const [nymaimWords, nymaimLength] = [10_000, 4];

const [folder = '', ...unknown] = process.argv.slice(2);
if (folder === '') {
  process.stderr.write('Usage: node tools/dga-model/main.ts FOLDER [FAMILY...]\n');
  process.exit(2);
}
const packageOf = (name: string): string => join(folder, 'npm', name);
const share = join(folder, 'root/usr/share');
const words = [
  ...languages.map((language) => lists.wordsIn(join(share, 'dict', language))),
  ...spelling.map((language) => lists.wordsIn(join(share, 'hunspell', `${language}.dic`))),
];
const counts = lists.countsIn(join(folder, 'wordsegment/unigrams.txt'));
const known = knownWords(counts, words[0] ?? []);
const pairs = pairsThatGoTogether(lists.countsIn(join(folder, 'wordsegment/bigrams.txt')), known);
if (unknown.length === 0) {
  mkdirSync(join(root, 'content/words'), { recursive: true });
  writeFileSync(join(root, 'content/words/english.br'), packedWords(known));
  writeFileSync(join(root, 'content/words/pairs.bin'), packedPairs(pairs));
}

const domains = lists.domainsOf([
  ...lists.sitesIn(lists.filterTexts(join(folder, 'filters'))),
  ...lists.sitesIn(
    lists.ruleSetTexts(join(packageOf('@adguard/dnr-rulesets@3.3.20260320140136'), 'dist/filters/declarative')),
  ),
  ...lists.hostsIn(join(folder, 'homepages.txt')),
  ...lists.hostsIn(join(folder, 'universities.txt')),
]);
const sources: Sources = {
  words,
  packageNames: lists.packagesIn(join(packageOf('all-the-package-names@1.3905.0'), 'names.json')),
  common: counts.slice(0, 20_000).map(({ text }) => text),
  pairs,
  sites: domains.filter((_domain, index) => index % 10 !== 0),
};
const unseen = domains.filter((_domain, index) => index % 10 === 0);
const stock = wordStock();
const learnt = families.filter(({ id }) => !unknown.includes(id));
const numbers = new Numbers(12_345);
const learner = new Learner(numbers);
for (let lesson = 0; lesson < lessons; lesson++) {
  const isGenerated = numbers.next() < 0.5;
  const { label, suffix } = isGenerated ? generatedDomain(numbers, stock, learnt) : humanDomain(numbers, sources);
  learner.learn(featuresOf(label, suffix), isGenerated ? 1 : 0, 1 - lesson / lessons);
}
const packed = learner.packed();
if (unknown.length === 0) writeFileSync(join(root, 'content/dga/model.bin'), packed);

const network = networkOf(packed);
const oddsOf = ({ label, suffix }: Domain): number => outputOf(network, featuresOf(label, suffix));
const trialNumbers = new Numbers(54_321);
const tried = (make: () => Domain, count = trials): number[] => Array.from({ length: count }, () => oddsOf(make()));
const figures = figuresOf(
  tried(() => generatedDomain(trialNumbers, stock, learnt)),
  tried(() => trialNumbers.pick(unseen)),
);
const told = sharesOf(
  families.map(({ id, make }) => [id, tried(() => make(trialNumbers, stock), 1000)]),
  figures.best.threshold,
);
process.stdout.write(
  `${JSON.stringify({ domains: domains.length, words: known.size, pairs: pairs.length, ...figures, told }, undefined, 1)}\n`,
);

function wordStock(): WordStock {
  const list = (name: string): string[] => lists.textIn(join(import.meta.dirname, 'word-lists', `${name}.txt`));
  return {
    suppobox: [1, 2, 3].map((number) => list(`suppobox-${number}`)),
    matsnuNouns: list('matsnu-nouns'),
    matsnuVerbs: list('matsnu-verbs'),
    frequent: counts
      .slice(0, nymaimWords)
      .map(({ text }) => text)
      .filter(({ length }) => length >= nymaimLength)
      .sort(),
    texts: [list('gozi-luther'), list('gozi-nasa'), lists.textIn('/usr/share/common-licenses/GPL-3')],
  };
}
