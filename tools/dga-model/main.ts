/**
 * Trains the model of `src/detect/analytics/dga`: `node tools/dga-model/main.ts WORDS PACKAGES`. WORDS is a folder of word lists as
 * Debian's packages wamerican, wngerman, wfrench, wspanish, witalian, wportuguese, wdutch, wpolish and wswedish install them
 * (/usr/share/dict), PACKAGES a JSON list of package names (`names.json` of the npm package all-the-package-names 1.3905.0). Only weights of
 * character groups are kept, no word and no name. The same input gives the same model.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupsOf, shapeOf, shapes, tableSize } from '../../src/detect/analytics/dga/features.ts';
import { generatedLabel, humanLabel, Numbers, type WordSources } from './samples.ts';

const rounds = 1_500_000;
const output = join(import.meta.dirname, '../../src/detect/analytics/dga/model.json');
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
const weights = [5, 1, 1, 1, 1, 1, 1, 1, 1];

const [wordFolder = '', packageFile = ''] = process.argv.slice(2);
if (packageFile === '') {
  process.stderr.write('Usage: node tools/dga-model/main.ts WORDS PACKAGES\n');
  process.exit(2);
}
const sources: WordSources = {
  words: languages.map((language) => wordsIn(join(wordFolder, language))),
  weights,
  packageNames: (JSON.parse(readFileSync(packageFile, 'utf8')) as string[])
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9-]{3,30}$/.test(name)),
};

const numbers = new Numbers(12_345);
const groupWeights = new Float64Array(tableSize);
const groupSums = new Float64Array(tableSize);
const shapeWeights = new Float64Array(shapes);
const shapeSums = new Float64Array(shapes);
for (let round = 0; round < rounds; round++) {
  const isGenerated = numbers.next() < 0.5;
  learn(isGenerated ? generatedLabel(numbers) : humanLabel(numbers, sources), isGenerated ? 1 : 0);
}
const largest = groupWeights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
const scale = largest / 127;
const packed = Int8Array.from(groupWeights, (weight) => Math.round(weight / scale));
const model = {
  scale,
  shape: [...shapeWeights].map((weight) => Number(weight.toFixed(5))),
  groups: Buffer.from(packed.buffer).toString('base64'),
};
writeFileSync(output, `${JSON.stringify(model, undefined, 1)}\n`);

/** One step of logistic regression with steps by AdaGrad (Duchi, Hazan, Singer 2011). */
function learn(label: string, truth: 0 | 1): void {
  const groups = groupsOf(label);
  const shape = shapeOf(label);
  const share = 1 / Math.sqrt(groups.length);
  let sum = 0;
  for (const group of groups) sum += (groupWeights[group] ?? 0) * share;
  for (const [index, value] of shape.entries()) sum += (shapeWeights[index] ?? 0) * value;
  const error = 1 / (1 + Math.exp(-sum)) - truth;
  for (const group of groups) step(groupWeights, groupSums, group, error * share, 0.15);
  for (const [index, value] of shape.entries()) step(shapeWeights, shapeSums, index, error * value, 0.1);
}

function step(table: Float64Array, sums: Float64Array, index: number, slope: number, rate: number): void {
  const sum = (sums[index] ?? 0) + slope * slope;
  sums[index] = sum;
  table[index] = (table[index] ?? 0) - (rate * slope) / Math.sqrt(sum + 1e-3);
}

function wordsIn(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((word) => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase())
    .filter((word) => /^[a-z]{2,12}$/.test(word));
}
