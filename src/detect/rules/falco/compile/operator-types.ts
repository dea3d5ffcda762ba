import type { Operator } from '../filter/ast.ts';
import type { FieldType } from '../fields/field.ts';
import type { TypedOperand } from './typed-operand.ts';

const equality: readonly Operator[] = ['==', '=', '!=', 'in', 'intersects'];
const order: readonly Operator[] = ['<', '<=', '>', '>='];
const text: readonly Operator[] = [
  'contains',
  'icontains',
  'startswith',
  'endswith',
  'glob',
  'iglob',
  'pmatch',
  'regex',
];
const bytes: readonly Operator[] = ['contains', 'startswith', 'endswith', 'bcontains', 'bstartswith'];

const allowed: Readonly<Record<FieldType, readonly Operator[]>> = {
  number: [...equality, ...order],
  boolean: equality,
  address: equality,
  network: equality,
  text: [...equality, ...order, ...text],
  bytes: [...equality, ...bytes],
  any: [...equality, ...order, ...text],
};

const named: Readonly<Record<FieldType, string>> = {
  number: 'for numeric filters',
  boolean: 'for numeric filters',
  address: 'for ip address and network filters',
  network: 'for ip address and network filters',
  text: 'for string filters',
  bytes: 'for buffer filters',
  any: 'for this filter',
};

/** Why an operator does not go with a field, in Falco's words; undefined when it does. */
export function operatorFault(operand: TypedOperand, operator: Operator): string | undefined {
  const name = operator === '==' ? '=' : operator;
  if (operand.isList) {
    return operator === 'in' || operator === 'intersects' ? undefined : `'${name}' operator not supported list filters`;
  }
  return allowed[operand.type].includes(operator)
    ? undefined
    : `'${name}' operator not supported ${named[operand.type]}`;
}
