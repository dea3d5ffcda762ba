import { compileForeignPattern } from '../../src/base/regex.ts';
import type {
  Condition,
  FieldTest,
  FieldsTest,
  Glob,
  GlobPart,
  NumberTest,
  Subject,
  TextTest,
  Transform,
} from '../../src/match/condition/condition.ts';
import type { Random } from '../fuzz/random.ts';
import { addresses, columns, numbers, paths, randomText, words } from './rows.ts';

/** A condition over the columns of `rows.ts`: mostly small, sometimes nested several levels. */
export function randomCondition(random: Random, depth = 0): Condition {
  const choice = depth > 3 ? 9 : random.below(12);
  const members = (): Condition[] => Array.from({ length: random.below(4) }, () => randomCondition(random, depth + 1));
  if (choice === 0) return { kind: 'not', of: randomCondition(random, depth + 1) };
  if (choice === 1) return { kind: 'all', of: members() };
  if (choice === 2) return { kind: 'any', of: members() };
  if (choice === 3) return { kind: 'one', of: members() };
  return randomTest(random);
}

const kinds = [
  'text',
  'text',
  'text',
  'glob',
  'regex',
  'path',
  'number',
  'number',
  'network',
  'bytes',
  'fields',
  'exists',
] as const;

function randomTest(random: Random): FieldTest {
  const quantor = random.pick<'any' | 'every'>(['any', 'every']);
  const ignoreCase = random.below(2) === 0;
  const kind = random.pick(kinds);
  const values = (): string[] => Array.from({ length: random.pick([1, 1, 1, 2, 3, 9, 30]) }, () => someText(random));
  switch (kind) {
    case 'exists':
      return { kind, subject: someSubject(random) };
    case 'text': {
      const operator = random.pick<TextTest['operator']>(['equals', 'contains', 'startsWith', 'endsWith']);
      return { kind, subject: someSubject(random), quantor, operator, values: values(), ignoreCase };
    }
    case 'glob':
      return {
        kind,
        subject: someSubject(random),
        quantor,
        patterns: [randomGlob(random), ...(random.below(3) === 0 ? [randomGlob(random)] : [])],
        ignoreCase,
      };
    case 'regex': {
      const flags = {
        ignoreCase,
        isWhole: random.below(2) === 0,
        isMultiline: random.below(3) === 0,
        isDotAll: random.below(3) === 0,
      };
      return { kind, subject: someSubject(random), quantor, pattern: acceptedPattern(random), ...flags };
    }
    case 'path':
      return {
        kind,
        subject: { kind: 'field', field: { name: 'path' } },
        prefixes: Array.from({ length: 1 + random.below(3) }, () => randomPrefix(random)),
      };
    case 'number': {
      const operator = random.pick<NumberTest['operator']>(['=', '<', '<=', '>', '>=']);
      const limits = Array.from({ length: operator === '=' ? 1 + random.below(3) : 1 }, () => randomNumber(random));
      return { kind, subject: someSubject(random), quantor, operator, values: limits };
    }
    case 'network':
      return {
        kind,
        subject: { kind: 'field', field: { name: random.pick(['address', 'host', 'words']) } },
        quantor,
        ranges: Array.from({ length: 1 + random.below(2) }, () => randomRange(random)),
      };
    case 'bytes':
      return {
        kind,
        subject: someSubject(random),
        quantor,
        operator: random.pick(['contains', 'startsWith']),
        value: Buffer.from(someText(random)).subarray(0, 1 + random.below(4)),
      };
    case 'fields': {
      const operator = random.pick<FieldsTest['operator']>([
        'equals',
        'contains',
        'startsWith',
        'endsWith',
        '<',
        '<=',
        '>',
        '>=',
      ]);
      return {
        kind,
        subject: someSubject(random),
        quantor,
        operator,
        right: someSubject(random),
        as: random.pick(['text', 'number']),
        ignoreCase,
      };
    }
  }
}

function someText(random: Random): string {
  const choice = random.below(4);
  if (choice === 0) return random.pick(words);
  if (choice === 1) return random.pick(numbers);
  return choice === 2 ? randomText(random, 2) : random.pick(addresses);
}

function someSubject(random: Random, depth = 0): Subject {
  const choice = random.below(20);
  const column = columns[random.below(columns.length)]?.[0] ?? 'word';
  if (choice === 0) return { kind: 'field', field: { name: 'gone' } };
  if (choice === 1) return { kind: 'all-fields' };
  if (choice === 2) return { kind: 'literal', value: random.below(2) === 0 ? someText(random) : randomNumber(random) };
  if (choice > 4 || depth > 2) return { kind: 'field', field: { name: column } };
  const transform: Transform = random.pick([
    'lower',
    'upper',
    'base64',
    'basename',
    'length',
    'list',
    'concat',
    'join',
  ]);
  const count = transform === 'list' || transform === 'concat' ? 1 + random.below(2) : 1;
  const of = Array.from({ length: count }, () => someSubject(random, depth + 1));
  return { kind: 'transform', transform, of: transform === 'join' ? [{ kind: 'literal', value: '-' }, ...of] : of };
}

function randomNumber(random: Random): number | bigint {
  const text = random.pick(numbers);
  if (/^-?[1-9][0-9]*$/.test(text)) return text.length < 16 ? Number(text) : BigInt(text);
  const number = Number(text);
  return Number.isNaN(number) ? random.below(50) : number;
}

function randomRange(random: Random): { first: bigint; last: bigint } {
  const v4 = 0xffff_0000_0000n;
  return random.pick([
    { first: v4 + 0x0a00_0000n, last: v4 + 0x0aff_ffffn },
    { first: v4, last: v4 + 0xffff_ffffn },
    { first: v4 + 0xc0a8_014dn, last: v4 + 0xc0a8_014dn },
    { first: 0n, last: (1n << 128n) - 1n },
    { first: 0xfe80n << 112n, last: (0xfec0n << 112n) - 1n },
    { first: 1n, last: 1n },
    { first: 0x2001_0db8n << 96n, last: (0x2001_0db9n << 96n) - 1n },
  ]);
}

const classes: [GlobClass, ...GlobClass[]] = [
  [['a', 'z']],
  [
    ['A', 'K'],
    ['é', 'é'],
  ],
  [['Σ', 'Σ']],
  [
    ['😀', '😀'],
    ['0', '9'],
  ],
];
type GlobClass = [string, string][];

function randomGlob(random: Random): Glob {
  const part = (): GlobPart => {
    const choice = random.below(6);
    if (choice === 0) return { kind: 'one' };
    if (choice < 3) return { kind: 'many' };
    if (choice === 3) return { kind: 'class', isNegated: random.below(2) === 0, ranges: random.pick(classes) };
    return someText(random);
  };
  return Array.from({ length: random.below(5) }, part);
}

function randomPrefix(random: Random): Glob[] {
  const components = random
    .pick(paths)
    .split('/')
    .map((component): Glob => (component === '' ? [] : [component]));
  return components.map((component) => {
    const choice = random.below(6);
    if (choice === 0) return [{ kind: 'many' }];
    return choice === 1 ? [{ kind: 'one' }, { kind: 'many' }] : component;
  });
}

const atoms = [
  'a',
  'b',
  'K',
  'S',
  'é',
  'Σ',
  '😀',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '[a-z]',
  '[^a-c]',
  '[[:alpha:]]',
  '\\pL',
  '\\x{1F600}',
  '^',
  '$',
  '\\b',
  '\\B',
  '\\A',
  '\\z',
  '\\.',
  '/',
  '\\x00',
  '\\Qa*\\E',
  '[K-S]',
  '(?i:s)',
] as const;

/** A pattern that RE2 takes. */
function acceptedPattern(random: Random): string {
  for (;;) {
    const pattern = randomPattern(random, 0);
    if (!('fault' in compileForeignPattern(pattern))) return pattern;
  }
}

function randomPattern(random: Random, depth: number): string {
  let pattern = '';
  for (let left = 1 + random.below(4); left > 0; left--) {
    const piece =
      depth < 2 && random.below(4) === 0
        ? `(${randomPattern(random, depth + 1)}|${randomPattern(random, depth + 1)})`
        : random.pick(atoms);
    pattern += piece + random.pick(['', '', '', '*', '+', '?', '*?', '{1,3}', '{2}']);
  }
  return pattern;
}
