import type { IndicatorKind } from '../../format.ts';
import { ofAll, type PatternValue, type PatternValues } from '../../reading/joint-values.ts';
import type { Comparison, Expression } from './pattern.ts';

/**
 * The values any one of which fulfils the pattern.
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
