import type { YamlNode, YamlPlace } from '../../../base/yaml-tree.ts';

/**
 * Sigma documents as read: https://github.com/SigmaHQ/sigma-specification (2.1.0). Modifiers are applied and selectors
 * (`1 of selection*`) resolved; placeholders, field names and log sources stand as the author wrote them.
 */
export type SigmaDocument = SigmaRule | SigmaCorrelation | SigmaFilter;

export interface SigmaMetadata {
  readonly title: string;
  /** In lower case. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly status: string | undefined;
  readonly level: SigmaLevel | undefined;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly modified: string | undefined;
  readonly license: string | undefined;
  readonly taxonomy: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly falsepositives: readonly string[];
  readonly scope: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  /** Attributes that the specification does not know. */
  readonly custom: ReadonlyMap<string, YamlNode>;
  readonly at: YamlPlace;
}

export const sigmaLevels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type SigmaLevel = (typeof sigmaLevels)[number];

export interface Logsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly definition?: string;
}

export interface SigmaRule extends SigmaMetadata {
  readonly kind: 'rule';
  readonly logsource: Logsource;
  /** By search identifier. */
  readonly detections: ReadonlyMap<string, Detection>;
  /** Several are alternatives. */
  readonly conditions: readonly Search[];
}

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_median',
  'value_percentile',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export interface SigmaCorrelation extends SigmaMetadata {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names, in order. */
  readonly rules: readonly Reference[];
  readonly groupBy: readonly string[];
  readonly timespanSeconds: number;
  /** All must hold. */
  readonly bounds: readonly Bound[];
  /** What is counted or measured in the `value_` types. */
  readonly field: string | undefined;
  /** For `value_percentile`: which, 0 to 100. */
  readonly percentile: number;
  /** Group field by alias and rule reference. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The rules referred to also give findings of their own. */
  readonly generate: boolean;
}

export interface Reference {
  readonly to: string;
  readonly at: YamlPlace;
}

export interface Bound {
  readonly operator: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
  readonly value: number;
}

export interface SigmaFilter extends SigmaMetadata {
  readonly kind: 'filter';
  readonly logsource: Logsource;
  /** `any`: all rules of the log source. */
  readonly rules: readonly Reference[] | 'any';
  readonly detections: ReadonlyMap<string, Detection>;
  readonly condition: Search;
}

/** A boolean expression over search identifiers. */
export type Search =
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Search }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Search[] };

export interface Detection {
  readonly link: 'and' | 'or';
  readonly items: readonly (Detection | DetectionItem)[];
}

export interface DetectionItem {
  /** Null: a keyword, looked for in the whole event. */
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly values: readonly SigmaValue[];
  readonly link: 'and' | 'or';
  /** Modifier `neq`: the item must not match. */
  readonly isNegated: boolean;
  readonly at: YamlPlace;
}

export function isItem(part: Detection | DetectionItem): part is DetectionItem {
  return 'values' in part;
}

export type StringPart = string | { readonly wild: '*' | '?' } | { readonly placeholder: string };

export interface StringValue {
  readonly type: 'string';
  /** Literal parts are never empty and never stand side by side. */
  readonly parts: readonly StringPart[];
  readonly isCased: boolean;
  /** Each character stands for one byte (after `utf16` and its like). */
  readonly isBytes: boolean;
  /** As written, escapes included. */
  readonly original: string;
}

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export type SigmaValue =
  | StringValue
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }
  | {
      readonly type: 'regex';
      readonly pattern: string;
      readonly ignoreCase: boolean;
      readonly isMultiline: boolean;
      readonly isDotAll: boolean;
    }
  | { readonly type: 'cidr'; readonly cidr: string }
  | { readonly type: 'compare'; readonly operator: Comparison; readonly value: number }
  | { readonly type: 'time'; readonly part: TimePart; readonly operator: Comparison; readonly value: number }
  | { readonly type: 'exists'; readonly value: boolean }
  | {
      readonly type: 'fieldref';
      readonly field: string;
      readonly mode: 'equals' | 'contains' | 'startswith' | 'endswith';
    }
  /** One value that became several alternatives (`base64offset`, `windash`). */
  | { readonly type: 'or'; readonly values: readonly SigmaValue[] };
