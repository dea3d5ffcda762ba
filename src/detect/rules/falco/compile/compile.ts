import {
  allOf,
  anyOf,
  never,
  not,
  type Condition,
  type FieldsTest,
  type FieldTest,
  type Subject,
  type TextTest,
} from '../../../../match/condition/condition.ts';
import { conditionFault } from '../../../../match/condition/limits.ts';
import { FilterError, type Check, type Expression, type Operator, type Position, type Value } from '../filter/ast.ts';
import type { FieldCatalog } from '../fields/catalog.ts';
import { isEventType } from '../fields/event-types.ts';
import { parseGlob, parsePathPrefix } from './glob.ts';
import { operatorFault } from './operator-types.ts';
import { isAncestorField, typedOperand, type TypedOperand } from './typed-operand.ts';
import { booleanValue, hexValue, networkValue, numberValue } from './values.ts';
import { suspicions, type CompileWarning } from './warnings.ts';

export interface CompiledFilter {
  readonly condition: Condition;
  readonly warnings: readonly CompileWarning[];
}

/**
 * Turns a filter without macros into the condition tree with Falco's meaning: a check on a field without a value is
 * false, `!=` too, and `not` turns that into true. Throws `FilterError` in Falco's words for fields, operators and
 * values that do not go together.
 */
export function compileFilter(expression: Expression, catalog: FieldCatalog): CompiledFilter {
  const compiler = new Compiler(catalog);
  const condition = compiler.expression(expression);
  const fault = conditionFault(condition);
  if (fault !== undefined) throw new FilterError(fault, expression.at);
  return { condition, warnings: compiler.warnings };
}

class Compiler {
  readonly warnings: CompileWarning[] = [];
  readonly #catalog: FieldCatalog;
  /** Macros are shared nodes: each is compiled once. */
  readonly #done = new Map<Expression, Condition>();

  constructor(catalog: FieldCatalog) {
    this.#catalog = catalog;
  }

  expression(expression: Expression): Condition {
    const done = this.#done.get(expression);
    if (done !== undefined) return done;
    const condition = this.#expression(expression);
    this.#done.set(expression, condition);
    return condition;
  }

  #expression(expression: Expression): Condition {
    switch (expression.kind) {
      case 'and':
        return allOf(expression.of.map((member) => this.expression(member)));
      case 'or':
        return anyOf(expression.of.map((member) => this.expression(member)));
      case 'not':
        return not(this.expression(expression.of));
      case 'identifier':
        throw new FilterError(`filter error: unexpected identifier '${expression.name}'`, expression.at);
      case 'exists':
        return { kind: 'exists', subject: typedOperand(expression.left, this.#catalog, 'left').subject };
      case 'check':
        return this.#check(expression);
    }
  }

  #check(check: Check): Condition {
    const left = typedOperand(check.left, this.#catalog, 'left');
    const fault = operatorFault(left, check.operator);
    if (fault !== undefined) throw new FilterError(fault, check.left.at);
    const { right, operator } = check;
    if (right.kind === 'field' || right.kind === 'transformer') {
      return compareOperands(left, operator, typedOperand(right, this.#catalog, 'right'), right.at);
    }
    const values = right.kind === 'value' ? [right.value] : right.values;
    for (const value of values) this.warnings.push(...suspicions(operator, value, right.at, this.#catalog));
    if (left.field === 'evt.type' || left.field === 'syscall.type') checkEventTypes(operator, values, right.at);
    if (check.modifier === undefined) return compareValues(left, operator, values, right.at);
    if (values.length === 0) return never;
    const each = values.map((value) => compareValues(left, operator, [value], right.at));
    if (check.modifier === 'oneof') return { kind: 'one', of: each };
    return check.modifier === 'anyof' ? anyOf(each) : allOf(each);
  }
}

function checkEventTypes(operator: Operator, values: readonly string[], at: Position): void {
  if (!['=', '==', '!=', 'in'].includes(operator)) return;
  const unknown = values.find((value) => !isEventType(value));
  if (unknown !== undefined) throw new FilterError(`unknown event type ${unknown}`, at);
}

/** A field against constants. */
function compareValues(left: TypedOperand, operator: Operator, values: readonly string[], at: Position): Condition {
  const { subject } = left;
  if (isMatchOperator(operator)) return matchTest(subject, operator, values, at);
  switch (operator) {
    case '=':
    case '==':
    case 'intersects':
      return equalsTest(left, values, at, 'any');
    case 'in':
      return equalsTest(left, values, at, left.isList ? 'every' : 'any');
    case '!=':
      // Of several ancestors one that differs is enough; of the two ends of a connection both must differ.
      return differs(subject, equalsTest(left, values, at, isAncestorField(left) ? 'every' : 'any'));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderTest(left, operator, values[0] ?? '', at);
  }
}

type ValueOperator = '=' | '==' | '!=' | 'in' | 'intersects' | '<' | '<=' | '>' | '>=';
type MatchOperator = Exclude<Operator, ValueOperator>;

function isMatchOperator(operator: Operator): operator is MatchOperator {
  return !['=', '==', '!=', 'in', 'intersects', '<', '<=', '>', '>='].includes(operator);
}

/** A text, or bytes, against what they hold or look like. */
function matchTest(subject: Subject, operator: MatchOperator, values: readonly string[], at: Position): Condition {
  switch (operator) {
    case 'contains':
      return textTest(subject, 'contains', values);
    case 'startswith':
      return textTest(subject, 'startsWith', values);
    case 'endswith':
      return textTest(subject, 'endsWith', values);
    case 'icontains':
      return { ...textTest(subject, 'contains', values), ignoreCase: true };
    case 'glob':
    case 'iglob':
      return { kind: 'glob', subject, patterns: values.map(parseGlob), ignoreCase: operator === 'iglob' };
    case 'pmatch':
      return { kind: 'path', subject, prefixes: values.map(parsePathPrefix) };
    case 'regex':
      return regexTest(subject, values[0] ?? '');
    case 'bcontains':
      return { kind: 'bytes', subject, operator: 'contains', value: hexValue(values[0] ?? '', at) };
    case 'bstartswith':
      return { kind: 'bytes', subject, operator: 'startsWith', value: hexValue(values[0] ?? '', at) };
  }
}

/** Falco's `!=`: false without a value, and else not equal. */
function differs(subject: Subject, equal: Condition): Condition {
  return allOf([{ kind: 'exists', subject }, not(equal)]);
}

function textTest(subject: Subject, operator: TextTest['operator'], values: readonly string[]): TextTest {
  return { kind: 'text', subject, operator, values, ignoreCase: false };
}

function equalsTest(left: TypedOperand, values: readonly string[], at: Position, quantor: 'any' | 'every'): FieldTest {
  const { subject } = left;
  switch (left.type) {
    case 'number':
      return { kind: 'number', subject, quantor, operator: '=', values: values.map((value) => numberValue(value, at)) };
    case 'boolean':
      return {
        ...textTest(
          subject,
          'equals',
          values.map((value) => booleanValue(value, at)),
        ),
        quantor,
      };
    case 'address':
    case 'network':
      return { kind: 'network', subject, quantor, ranges: values.map((value) => networkValue(value, at)) };
    case 'text':
    case 'bytes':
    case 'any':
      return { ...textTest(subject, 'equals', values), quantor };
  }
}

function orderTest(left: TypedOperand, operator: '<' | '<=' | '>' | '>=', value: string, at: Position): Condition {
  const { subject } = left;
  if (left.type !== 'text') return { kind: 'number', subject, operator, values: [numberValue(value, at)] };
  const right: Subject = { kind: 'literal', value };
  return { kind: 'fields', subject, operator, right, as: 'text', ignoreCase: false };
}

function regexTest(subject: Subject, pattern: string): Condition {
  return { kind: 'regex', subject, pattern, isWhole: true, ignoreCase: false, isMultiline: true, isDotAll: false };
}

const fieldOperators: Readonly<Partial<Record<Operator, FieldsTest['operator']>>> = {
  '=': 'equals',
  '==': 'equals',
  '!=': 'equals',
  in: 'equals',
  intersects: 'equals',
  contains: 'contains',
  icontains: 'contains',
  startswith: 'startsWith',
  endswith: 'endsWith',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** A field against another field or a transformation. */
function compareOperands(left: TypedOperand, operator: Operator, right: TypedOperand, at: Value['at']): Condition {
  const fieldOperator = fieldOperators[operator];
  if (fieldOperator === undefined) {
    throw new FilterError(`the '${operator}' operator does not support a field on the right-hand side`, at);
  }
  if ((left.type === 'number') !== (right.type === 'number') && left.type !== 'any' && right.type !== 'any') {
    const types = `'${left.falcoType}' and '${right.falcoType}'`;
    throw new FilterError(`fields of types ${types} can not be compared`, at);
  }
  const test: FieldsTest = {
    kind: 'fields',
    subject: left.subject,
    quantor: operator === 'in' && left.isList ? 'every' : 'any',
    operator: fieldOperator,
    right: right.subject,
    as: left.type === 'number' ? 'number' : 'text',
    ignoreCase: operator === 'icontains',
  };
  if (operator !== '!=') return test;
  return allOf([{ kind: 'exists', subject: left.subject }, { kind: 'exists', subject: right.subject }, not(test)]);
}
