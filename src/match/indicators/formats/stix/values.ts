import type { IndicatorKind } from '../../format.ts';
import type { Comparison, Expression } from './pattern.ts';

export interface PatternValue {
  readonly kind: IndicatorKind;
  readonly text: string;
}
export interface PatternValues {
  readonly values: readonly PatternValue[];
  /** What the pattern demands beside the values and is not checked, or why a part gave no value. */
  readonly unchecked: readonly string[];
}

/** The most telling first: of tests that must hold together the first kind that is there stands for all. */
const byStrength: readonly IndicatorKind[] = [
  'sha256',
  'sha1',
  'md5',
  'url',
  'email',
  'ja3',
  'domain',
  'address',
  'cidr',
  'user-agent',
  'file',
];

/**
 * The values any one of which fulfils the pattern. Of tests joined by AND the most telling value is kept, all hashes
 * of one file included, and the others are named as unchecked; a hash alone needs no others.
 */
export function valuesOf(expression: Expression): PatternValues {
  switch (expression.type) {
    case 'comparison':
      return ofComparison(expression);
    case 'beyond':
      return { values: [], unchecked: [expression.what] };
    case 'or': {
      const parts = expression.parts.map(valuesOf);
      return { values: parts.flatMap((part) => part.values), unchecked: parts.flatMap((part) => part.unchecked) };
    }
    case 'and':
      return ofAll(expression.parts.map(valuesOf));
  }
}

function ofAll(parts: readonly PatternValues[]): PatternValues {
  const telling = parts.filter((part) => part.values.length > 0);
  const rank = (part: PatternValues): number => Math.max(...part.values.map((value) => byStrength.indexOf(value.kind)));
  const [best] = telling.toSorted((a, b) => rank(a) - rank(b));
  const unchecked = parts.flatMap((part) => part.unchecked);
  if (best === undefined) return { values: [], unchecked };
  if (isHash(best)) return { values: telling.filter(isHash).flatMap((part) => part.values), unchecked: [] };
  const others = telling
    .filter((part) => part !== best)
    .flatMap((part) => part.values.map((value) => `${value.kind} ${value.text}`));
  return { values: best.values, unchecked: [...unchecked, ...others] };
}

function isHash(part: PatternValues): boolean {
  return part.values.every(({ kind }) => kind === 'md5' || kind === 'sha1' || kind === 'sha256');
}

function ofComparison(test: Comparison): PatternValues {
  const nothing = (): PatternValues => ({
    values: [],
    unchecked: [`${test.path} ${test.isNegated ? 'NOT ' : ''}${test.operator}`],
  });
  const kind = kindOfPath(test.path);
  if (kind === undefined || test.isNegated) return nothing();
  switch (test.operator) {
    case '=':
    case 'IN':
      return {
        values: test.values.map((text) => ({ kind, text: kind === 'user-agent' ? literalAgent(text) : text })),
        unchecked: [],
      };
    case 'ISSUBSET':
      return kind === 'address' ? { values: test.values.map((text) => ({ kind, text })), unchecked: [] } : nothing();
    case 'LIKE': {
      const values = test.values.flatMap((text) => likeValue(kind, text) ?? []);
      return values.length === 0 ? nothing() : { values, unchecked: [] };
    }
    default:
      return nothing();
  }
}

/** `%` at the ends of a user agent, and `%.name` of a domain, can be said as a value; other wildcards cannot. */
function likeValue(kind: IndicatorKind, text: string): PatternValue | undefined {
  const inner = text.replace(/^%/, '').replace(/%$/, '');
  if (/[%_]/.test(inner) && kind !== 'user-agent') return undefined;
  if (kind === 'domain' && text.startsWith('%.') && !text.endsWith('%')) return { kind, text: inner.slice(1) };
  if (kind !== 'user-agent' || inner.includes('%')) return undefined;
  return { kind, text: `${text.startsWith('%') ? '*' : ''}${inner}${text.endsWith('%') ? '*' : ''}` };
}

function literalAgent(text: string): string {
  return text.replace(/^\*/, String.raw`\*`).replace(/\*$/, String.raw`\*`);
}

const byPath: readonly (readonly [RegExp, IndicatorKind])[] = [
  [/^(?:ipv4-addr|ipv6-addr):value$/, 'address'],
  [/^network-traffic:(?:src|dst)_ref\.value$/, 'address'],
  [/^domain-name:value$/, 'domain'],
  [/^domain-name:resolves_to_refs\[[\d*]+\]\.value$/, 'address'],
  [/^url:value$/, 'url'],
  [/^email-addr:value$/, 'email'],
  [/^email-message:(?:from_ref|sender_ref|to_refs\[[\d*]+\])\.value$/, 'email'],
  [
    /^(?:file|artifact|x509-certificate|process):(?:binary_ref\.|image_ref\.)?hashes\.'?(?:MD5|SHA-?1|SHA-?256)'?$/i,
    'md5',
  ],
  [/^network-traffic:extensions\.'http-request-ext'\.request_header\.'?User-Agent'?$/i, 'user-agent'],
  [/^(?:file|process):(?:image_ref\.|binary_ref\.)?name$/, 'file'],
  [/:(?:.*\.)?'?ja3(?:_hash|-hash)?'?$/i, 'ja3'],
];

/** Kind of the values at an object path; hashes are told apart by their length later. */
function kindOfPath(path: string): IndicatorKind | undefined {
  return byPath.find(([pattern]) => pattern.test(path))?.[1];
}
