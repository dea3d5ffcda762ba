import type { ListOperator, NumberOperator, TextOperator } from './ast.ts';

/** Operators in the order in which Falco tries and names them. */
export const numberOperators: readonly NumberOperator[] = ['<=', '<', '>=', '>'];
export const textOperators: readonly TextOperator[] = [
  '==',
  '=',
  '!=',
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
];
export const listOperators: readonly ListOperator[] = ['intersects', 'in', 'pmatch'];

export const operatorNames: readonly string[] = ['exists', ...numberOperators, ...textOperators, ...listOperators];

/** `'a', 'b'`: names as Falco lists them in a message. */
export function listNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

const symbols: ReadonlySet<string> = new Set(['==', '=', '!=']);

/** Operators that are words want a blank behind them. */
export function isWord(operator: string): boolean {
  return !symbols.has(operator);
}
