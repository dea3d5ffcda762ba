import type { SigmaErrorCode } from '../error.ts';
import type { SigmaValue } from '../model.ts';

/** What a modifier may ask about the item it stands in. */
export interface ModifierContext {
  /** Null for keywords. */
  readonly field: string | null;
  /** Modifiers before it that changed the value. */
  readonly applied: readonly string[];
}

/** Why a value cannot be modified; the reader adds the place. */
export class ModifierError extends Error {
  override readonly name = 'ModifierError';
  readonly code: SigmaErrorCode;

  constructor(code: SigmaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type Modify<T extends SigmaValue['type']> = (
  value: Extract<SigmaValue, { type: T }>,
  context: ModifierContext,
) => SigmaValue;

/** By type of the value that it takes; a type that is not here is a type error. */
export type ValueModifier = { readonly [T in Exclude<SigmaValue['type'], 'or'>]?: Modify<T> };

/** Most alternatives that one value may become. Five dashes in ten places would be ten million. */
export const maxAlternatives = 4096;

/** Applies a modifier to a value, and to each alternative of one that has become several. */
export function applyModifier(
  name: string,
  modifier: ValueModifier,
  value: SigmaValue,
  context: ModifierContext,
): SigmaValue {
  if (value.type === 'or') {
    return { type: 'or', values: value.values.map((one) => applyModifier(name, modifier, one, context)) };
  }
  const modify = modifier[value.type] as Modify<typeof value.type> | undefined;
  if (modify === undefined) {
    throw new ModifierError('SigmaTypeError', `the modifier "${name}" does not take a ${typeNames[value.type]}`);
  }
  return modify(value as never, context);
}

const typeNames: Readonly<Record<SigmaValue['type'], string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  regex: 'regular expression',
  cidr: 'network',
  compare: 'comparison',
  time: 'part of a time',
  exists: 'test of existence',
  fieldref: 'field name',
  or: 'list of alternatives',
};
