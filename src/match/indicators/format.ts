import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';

export const indicatorKinds = [
  'address',
  'cidr',
  'domain',
  'url',
  'md5',
  'sha1',
  'sha256',
  'ja3',
  'user-agent',
  'email',
  'file',
] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];

export function isIndicatorKind(text: string): text is IndicatorKind {
  return (indicatorKinds as readonly string[]).includes(text);
}

/** One entry of a threat-intelligence list, its value normalised by `normalise.ts`. */
export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly description: string | null;
  /** 0 to 100. */
  readonly confidence: number | null;
  readonly expires_at: Micros | null;
}

/** A way to write indicators down: plain, csv, stix, misp, zeek-intel, abuse-ch … */
export interface IndicatorFormat<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly description: string;
  readonly references: readonly string[];
  /** Cheap look at the name and up to 64 KiB; higher wins, 0 is no. Must not throw. */
  detect(name: string, head: string): 0 | 1 | 2 | 3;
  /** Entries and problems in the order of the text. One bad line never loses the list. */
  parse(
    content: AsyncIterable<Uint8Array>,
  ): AsyncIterable<{ indicators: readonly Indicator[]; problems: readonly Problem[] }>;
}

export function defineIndicatorFormat<const Id extends string>(format: IndicatorFormat<Id>): IndicatorFormat<Id> {
  return format;
}
