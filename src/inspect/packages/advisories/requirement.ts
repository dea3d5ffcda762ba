import type { VersionOrder } from '../version-order.ts';
import type { OsvEvent } from './osv.ts';

/** A span of versions; a missing bound is none. */
export interface Span {
  readonly low?: string;
  readonly isLowOpen?: boolean;
  readonly high?: string;
  readonly isHighOpen?: boolean;
}

/**
 * One requirement as Cargo, Bundler and GitHub write it: comparisons that must all hold (`>= 1.0, < 2.0`, `^1.2`, `~> 2.1.4`, `= 3`),
 * or an interval (`[1.0,2.0)`). Undefined when it is none.
 */
export function parseRequirement(text: string, order: VersionOrder): Span | undefined {
  const interval = /^\s*(?<open>[[(])\s*(?<low>[^,\s]*)\s*,\s*(?<high>[^,\s\])]*)\s*(?<close>[\])])\s*$/.exec(
    text,
  )?.groups;
  if (interval !== undefined) {
    const { low = '', high = '' } = interval;
    return {
      ...(low === '' ? {} : { low, isLowOpen: interval['open'] === '(' }),
      ...(high === '' ? {} : { high, isHighOpen: interval['close'] === ')' }),
    };
  }
  let span: Span = {};
  const comparisons = text.trim().split(/\s*,\s*|\s+(?=[<>=~^])/);
  for (const comparison of comparisons) {
    const next = comparisonSpan(comparison);
    if (next === undefined) return undefined;
    span = both(span, next, order);
  }
  return span;
}

function comparisonSpan(text: string): Span | undefined {
  const groups = /^(?<sign>>=|<=|~>|==|[<>=^~])?\s*(?<version>[^\s<>=~^]+)$/.exec(text)?.groups;
  const version = groups?.['version'];
  if (version === undefined) return undefined;
  switch (groups?.['sign'] ?? '=') {
    case '>=':
      return { low: version };
    case '>':
      return { low: version, isLowOpen: true };
    case '<':
      return { high: version, isHighOpen: true };
    case '<=':
      return { high: version };
    case '^':
      return { low: version, high: nextOf(version, caretPlace(version)), isHighOpen: true };
    case '~':
      return { low: version, high: nextOf(version, 1), isHighOpen: true };
    case '~>':
      return { low: version, high: nextOf(version, version.split('.').length - 2), isHighOpen: true };
    default:
      return { low: version, high: version };
  }
}

/** Place of the number that a caret keeps: the first that is not 0. */
function caretPlace(version: string): number {
  const numbers = version.split(/[-+]/, 1)[0]?.split('.') ?? [];
  const place = numbers.findIndex((number) => !/^0*$/.test(number));
  return place < 0 ? numbers.length - 1 : place;
}

/** The version with the number at `place` raised by one and nothing after it. */
function nextOf(version: string, place: number): string {
  const numbers = (version.split(/[-+]/, 1)[0] ?? '').split('.').slice(0, Math.max(place, 0) + 1);
  const last = numbers.pop() ?? '0';
  return [...numbers, /^\d+$/.test(last) ? String(BigInt(last) + 1n) : '1'].join('.');
}

function both(a: Span, b: Span, order: VersionOrder): Span {
  const useLow = a.low === undefined || (b.low !== undefined && order.compare(b.low, a.low) > 0) ? b : a;
  const useHigh = a.high === undefined || (b.high !== undefined && order.compare(b.high, a.high) < 0) ? b : a;
  return {
    ...(useLow.low === undefined ? {} : { low: useLow.low, isLowOpen: useLow.isLowOpen === true }),
    ...(useHigh.high === undefined ? {} : { high: useHigh.high, isHighOpen: useHigh.isHighOpen === true }),
  };
}

/**
 * Spans between the given ones, in order: affected versions where the safe ones are listed. A span that begins right behind a safe
 * version has an open low end.
 */
export function complementOf(safe: readonly Span[], order: VersionOrder): Span[] {
  const sorted = [...safe].sort((a, b) => compareLows(a, b, order));
  const gaps: Span[] = [];
  // Where the next gap begins; undefined: at the first version.
  let start: { readonly low: string; readonly isLowOpen: boolean } | undefined;
  for (const span of sorted) {
    if (span.low !== undefined && (start === undefined || order.compare(span.low, start.low) > 0)) {
      gaps.push({ ...start, high: span.low, isHighOpen: span.isLowOpen !== true });
    }
    if (span.high === undefined) return gaps;
    if (start === undefined || order.compare(span.high, start.low) > 0) {
      start = { low: span.high, isLowOpen: span.isHighOpen !== true };
    }
  }
  return [...gaps, { ...start }];
}

function compareLows(a: Span, b: Span, order: VersionOrder): number {
  if (a.low === undefined || b.low === undefined) return Number(a.low !== undefined) - Number(b.low !== undefined);
  return order.compare(a.low, b.low);
}

/** Events of one range. */
export function eventsOf({ low, isLowOpen, high, isHighOpen }: Span): OsvEvent[] {
  return [
    isLowOpen === true && low !== undefined ? { introduced_after: low } : { introduced: low ?? '0' },
    ...(high === undefined ? [] : [isHighOpen === true ? { fixed: high } : { last_affected: high }]),
  ];
}
