/** Place in a condition: `index` from 0, `line` and `column` from 1, in characters, as Falco counts them. */
export interface Position {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** Falco's filter expression as it stands, macros by name. */
export type Expression = AndOr | Not | Identifier | ExistsCheck | Check;

export interface AndOr {
  readonly kind: 'and' | 'or';
  readonly of: readonly Expression[];
  readonly at: Position;
}
export interface Not {
  readonly kind: 'not';
  readonly of: Expression;
  readonly at: Position;
}
/** Name of a macro. */
export interface Identifier {
  readonly kind: 'identifier';
  readonly name: string;
  readonly at: Position;
}
export interface ExistsCheck {
  readonly kind: 'exists';
  readonly left: Operand;
  readonly at: Position;
}
export interface Check {
  readonly kind: 'check';
  readonly left: Operand;
  readonly operator: Operator;
  readonly modifier?: Modifier;
  readonly right: Operand | Value | ValueList;
  readonly at: Position;
}

export const modifiers = ['oneof', 'anyof', 'allof'] as const;
export type Modifier = (typeof modifiers)[number];

export type NumberOperator = '<=' | '<' | '>=' | '>';
export type TextOperator =
  | '=='
  | '='
  | '!='
  | 'glob'
  | 'iglob'
  | 'contains'
  | 'icontains'
  | 'bcontains'
  | 'startswith'
  | 'bstartswith'
  | 'endswith'
  | 'regex';
export type ListOperator = 'intersects' | 'in' | 'pmatch';
export type Operator = NumberOperator | TextOperator | ListOperator;

/** What a check looks at. */
export type Operand = Field | Transformed;
export interface Field {
  readonly kind: 'field';
  readonly name: string;
  readonly argument?: string;
  readonly at: Position;
}
export interface Transformed {
  readonly kind: 'transformer';
  readonly name: TransformerName;
  readonly of: readonly TransformerArgument[];
  /** `getopt(…)[t]`. */
  readonly index?: string;
  readonly at: Position;
}
export const transformerNames = [
  'val',
  'tolower',
  'toupper',
  'b64',
  'basename',
  'len',
  'join',
  'concat',
  'getopt',
] as const;
export type TransformerName = (typeof transformerNames)[number];
export type TransformerArgument = Operand | Value | ArgumentList;
export interface ArgumentList {
  readonly kind: 'arguments';
  readonly of: readonly (Operand | Value)[];
  readonly at: Position;
}

export interface Value {
  readonly kind: 'value';
  readonly value: string;
  readonly at: Position;
}
export interface ValueList {
  readonly kind: 'values';
  readonly values: readonly string[];
  readonly at: Position;
}

/** A condition that is not in the language, with the place at which reading stopped. */
export class FilterError extends Error {
  readonly at: Position;

  constructor(message: string, at: Position) {
    super(message);
    this.at = at;
  }
}
