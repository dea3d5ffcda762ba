import { isListOperator } from './collector.ts';
import { LoadError, type Context } from './context.ts';
import type { Entry, Exception } from './items.ts';
import { quoteItem } from './lists.ts';

/** A rule's condition with its exceptions, as text: `(condition) and not (exception) and not …`. */
export function withExceptions(condition: string, exceptions: readonly Exception[]): string {
  if (exceptions.length === 0) return condition;
  const negated = exceptions.map(exceptionCondition).filter((text) => text !== '');
  return [`(${condition})`, ...negated].join(' and not ');
}

function exceptionCondition(exception: Exception): string {
  const { fields, comps, values, context } = exception;
  if (values.length === 0 || fields === undefined) return '';
  if (typeof fields === 'string') {
    const items = values.map((value) => {
      if (typeof value === 'string') return quoteItem(value);
      throw fault('Expected values array to contain a list of strings', context);
    });
    return `(${fields} ${textOf(comps)} (${items.join(', ')}))`;
  }
  const operators = Array.isArray(comps) ? (comps as readonly Entry[]) : [];
  const rows = values.map((row) => {
    const cells = typeof row === 'string' ? [] : row;
    if (cells.length !== fields.length) throw fault('Fields and values lists must have equal length', context);
    const checks = cells.map((cell, index) => {
      const operator = textOf(operators[index]);
      return ` ${textOf(fields[index])} ${operator} ${cellText(cell, operator)}`;
    });
    return `(${checks.join(' and ')})`;
  });
  return `(${rows.join(' or ')})`;
}

function cellText(cell: Entry, operator: string): string {
  if (typeof cell !== 'string') return `(${cell.map((value) => quoteItem(textOf(value))).join(', ')})`;
  if (!isListOperator(operator)) return quoteItem(cell);
  return cell.startsWith('(') ? cell : `(${cell})`;
}

function textOf(entry: Entry | undefined): string {
  return typeof entry === 'string' ? entry : '';
}

function fault(message: string, context: Context): LoadError {
  return new LoadError('LOAD_ERR_VALIDATE', message, context);
}
