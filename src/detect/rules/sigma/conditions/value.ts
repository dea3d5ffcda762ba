import { parseCidr } from '../../../../base/ip.ts';
import {
  anyOf,
  fieldSubject,
  never,
  not,
  type Condition,
  type Glob,
  type GlobPart,
  type Subject,
  type TextTest,
} from '../../../../match/condition/condition.ts';
import type { SigmaValue, StringPart, StringValue } from '../model.ts';
import { isWild } from '../strings.ts';
import { timeCondition } from './time.ts';

/** What one value asks of a field. Text is compared without case unless it is `cased`, also with fields (`fieldref`). */
export function fieldCondition(field: string, value: SigmaValue): Condition {
  const subject = fieldSubject(field);
  switch (value.type) {
    case 'string':
      return stringCondition(subject, value);
    case 'number':
      return { kind: 'number', subject, operator: '=', values: [value.value] };
    case 'boolean':
      return { kind: 'text', subject, operator: 'equals', values: [String(value.value)], ignoreCase: true };
    case 'null':
      return not({ kind: 'exists', subject });
    case 'exists':
      return value.value ? { kind: 'exists', subject } : not({ kind: 'exists', subject });
    case 'regex':
      return regexCondition(subject, value);
    case 'cidr': {
      const range = parseCidr(value.cidr);
      return range === undefined ? never : { kind: 'network', subject, ranges: [range] };
    }
    case 'compare':
      return { kind: 'number', subject, operator: comparisons[value.operator], values: [value.value] };
    case 'time':
      return timeCondition(subject, value);
    case 'fieldref': {
      const operator = modes[value.mode];
      return { kind: 'fields', subject, operator, right: fieldSubject(value.field), as: 'text', ignoreCase: true };
    }
    case 'or':
      return anyOf(value.values.map((one) => fieldCondition(field, one)));
  }
}

const comparisons = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const modes = { equals: 'equals', contains: 'contains', startswith: 'startsWith', endswith: 'endsWith' } as const;

/** A keyword stands anywhere in any field. Null and tests of fields have no meaning here: they match nothing. */
export function keywordCondition(value: SigmaValue): Condition {
  const subject: Subject = { kind: 'all-fields' };
  switch (value.type) {
    case 'string': {
      const open: StringPart[] = [{ wild: '*' }, ...value.parts, { wild: '*' }];
      return stringCondition(subject, { ...value, parts: open });
    }
    case 'number':
    case 'boolean':
      return { kind: 'text', subject, operator: 'contains', values: [String(value.value)], ignoreCase: true };
    case 'regex':
      return regexCondition(subject, value);
    case 'or':
      return anyOf(value.values.map(keywordCondition));
    case 'null':
    case 'exists':
    case 'cidr':
    case 'compare':
    case 'time':
    case 'fieldref':
      return never;
  }
}

function regexCondition(subject: Subject, value: Extract<SigmaValue, { type: 'regex' }>): Condition {
  const { pattern, ignoreCase, isMultiline, isDotAll } = value;
  return { kind: 'regex', subject, pattern, isWhole: false, ignoreCase, isMultiline, isDotAll };
}

/** Wildcards only at the ends make a plain text test; a lone `*` asks for any value; all else is a glob. */
function stringCondition(subject: Subject, value: StringValue): Condition {
  const ignoreCase = !value.isCased;
  const parts = value.parts.filter((part, index) => !isWild(part, '*') || !isWild(value.parts[index - 1], '*'));
  if (parts.length === 0) return { kind: 'text', subject, operator: 'equals', values: [''], ignoreCase };
  const isOpenStart = isWild(parts[0], '*');
  const isOpenEnd = parts.length > 1 && isWild(parts.at(-1), '*');
  const inner = parts.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : parts.length);
  const [only] = inner;
  if (only === undefined) return { kind: 'exists', subject };
  if (inner.length === 1 && typeof only === 'string') {
    return { kind: 'text', subject, operator: textOperator(isOpenStart, isOpenEnd), values: [only], ignoreCase };
  }
  return { kind: 'glob', subject, patterns: [globOf(parts)], ignoreCase };
}

function textOperator(isOpenStart: boolean, isOpenEnd: boolean): TextTest['operator'] {
  if (isOpenStart) return isOpenEnd ? 'contains' : 'endsWith';
  return isOpenEnd ? 'startsWith' : 'equals';
}

/** Placeholders are resolved before; one that is not would be refused with its rule. */
function globOf(parts: readonly StringPart[]): Glob {
  return parts.map((part): GlobPart => {
    if (typeof part === 'string') return part;
    return isWild(part, '?') ? { kind: 'one' } : { kind: 'many' };
  });
}

/** Alternatives on one subject with one kind of test become one test of many values. */
export function mergeAlternatives(conditions: readonly Condition[]): Condition {
  const merged: Condition[] = [];
  const places = new Map<string, number>();
  for (const condition of conditions.flatMap((one) => (one.kind === 'any' ? one.of : [one]))) {
    const key = mergeKey(condition);
    const place = key === undefined ? undefined : places.get(key);
    const before = place === undefined ? undefined : merged[place];
    if (place === undefined || before === undefined) {
      if (key !== undefined) places.set(key, merged.length);
      merged.push(condition);
    } else merged[place] = union(before, condition);
  }
  return anyOf(merged);
}

function mergeKey(condition: Condition): string | undefined {
  if (condition.kind !== 'text' && condition.kind !== 'glob' && condition.kind !== 'network') {
    if (condition.kind !== 'number' || condition.operator !== '=') return undefined;
  }
  if (condition.subject.kind === 'literal' || condition.subject.kind === 'transform') return undefined;
  const field = condition.subject.kind === 'field' ? condition.subject.field.name : '';
  const details = 'ignoreCase' in condition ? String(condition.ignoreCase) : '';
  const operator = 'operator' in condition ? condition.operator : '';
  return [condition.kind, condition.subject.kind, operator, details, field].join('\u0000');
}

function union(a: Condition, b: Condition): Condition {
  if (a.kind === 'text' && b.kind === 'text') return { ...a, values: [...a.values, ...b.values] };
  if (a.kind === 'number' && b.kind === 'number') return { ...a, values: [...a.values, ...b.values] };
  if (a.kind === 'glob' && b.kind === 'glob') return { ...a, patterns: [...a.patterns, ...b.patterns] };
  if (a.kind === 'network' && b.kind === 'network') return { ...a, ranges: [...a.ranges, ...b.ranges] };
  throw new Error('tests of different kinds are not merged');
}
