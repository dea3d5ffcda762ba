import type { ArgumentList, Expression, Operand, Value, ValueList } from './ast.ts';
import { quoteValue } from './escaping.ts';

/** The condition in Falco's canonical spelling, brackets around each conjunction and disjunction. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.of.map(printExpression).join(` ${expression.kind} `)})`;
    case 'not':
      return `not ${printExpression(expression.of)}`;
    case 'identifier':
      return expression.name;
    case 'exists':
      return `${printOperand(expression.left)} exists`;
    case 'check': {
      const operator =
        expression.modifier === undefined ? expression.operator : `${expression.operator} ${expression.modifier}`;
      return `${printOperand(expression.left)} ${operator} ${printRight(expression.right)}`;
    }
  }
}

function printRight(right: Operand | Value | ValueList | ArgumentList): string {
  switch (right.kind) {
    case 'value':
      return quoteValue(right.value);
    case 'values':
      return `(${right.values.map(quoteValue).join(', ')})`;
    case 'arguments':
      return `(${right.of.map(printRight).join(', ')})`;
    case 'field':
    case 'transformer':
      return printOperand(right);
  }
}

/** A field or transformer as it stands in a condition. */
export function printOperand(operand: Operand): string {
  if (operand.kind === 'field') {
    return operand.argument === undefined ? operand.name : `${operand.name}[${quoteValue(operand.argument)}]`;
  }
  const index = operand.index === undefined ? '' : `[${operand.index}]`;
  return `${operand.name}(${operand.of.map(printRight).join(', ')})${index}`;
}
