import {
  FilterError,
  modifiers,
  transformerNames,
  type Check,
  type Expression,
  type Field,
  type Modifier,
  type Operand,
  type Position,
  type TextOperator,
  type Transformed,
  type TransformerArgument,
  type TransformerName,
  type Value,
  type ValueList,
} from './ast.ts';
import { isWord, listNames, listOperators, numberOperators, operatorNames, textOperators } from './operators.ts';
import { Scanner } from './scanner.ts';

/** Nesting that Falco allows in rules; a plain filter may go to 100. */
const ruleDepth = 1000;

const transformerStarts = transformerNames.filter((name) => name !== 'val').map((name) => `${name}(` as const);
const transformerList = listNames(transformerNames);

/**
 * Reads a condition. Throws `FilterError` with Falco's message and place for what is not in the language
 * (libsinsp `filter/parser.h` holds the grammar).
 */
export function parseFilter(text: string, maxDepth = ruleDepth): Expression {
  const scanner = new Scanner(text);
  if (text === '') throw new FilterError('filter input string is empty', scanner.position());
  const expression = new Parser(scanner, maxDepth).or();
  if (!scanner.isAtEnd) {
    throw new FilterError(`unexpected token after '${scanner.last}', expecting 'or', 'and'`, scanner.position());
  }
  return expression;
}

/** Recursive descent; `#deeper` bounds the recursion as Falco counts it, so that the stack cannot overflow. */
class Parser {
  readonly #scanner: Scanner;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(scanner: Scanner, maxDepth: number) {
    this.#scanner = scanner;
    this.#maxDepth = maxDepth;
  }

  or(): Expression {
    return this.#deeper(() => this.#series('or', () => this.#and()));
  }

  #and(): Expression {
    return this.#deeper(() => this.#series('and', () => this.#not()));
  }

  /** Members of a conjunction or disjunction; the word between them is followed by a blank or a bracket. */
  #series(word: 'and' | 'or', member: () => Expression): Expression {
    const scanner = this.#scanner;
    const at = scanner.position();
    scanner.blank();
    const first = member();
    const of = [first];
    scanner.blank();
    while (scanner.text(word)) {
      if (scanner.blank()) of.push(member());
      else if (scanner.text('(')) of.push(this.#bracketed());
      else throw this.#fault(`expected blank or '(' after '${word}'`);
      scanner.blank();
    }
    return of.length === 1 ? first : { kind: word, of, at };
  }

  #not(): Expression {
    return this.#deeper(() => {
      const scanner = this.#scanner;
      const at = scanner.position();
      scanner.blank();
      let isNegated = false;
      while (scanner.negation()) isNegated = !isNegated;
      let of: Expression;
      if (scanner.text('not(')) {
        isNegated = !isNegated;
        of = this.#bracketed();
      } else of = this.#check();
      return isNegated ? { kind: 'not', of, at } : of;
    });
  }

  /** What follows an opening bracket, up to the closing one. */
  #bracketed(): Expression {
    return this.#deeper(() => {
      this.#scanner.blank();
      const inner = this.or();
      this.#scanner.blank();
      this.#expect(')', "expected a ')' token");
      return inner;
    });
  }

  #check(): Expression {
    return this.#deeper(() => {
      const scanner = this.#scanner;
      const at = scanner.position();
      scanner.blank();
      if (scanner.text('(')) return this.#bracketed();
      if (scanner.fieldName()) return this.#condition(this.#field(at), at);
      const transformer = this.#transformerStart();
      if (transformer !== undefined) return this.#condition(this.#transformed(transformer, at), at);
      if (scanner.identifier()) return { kind: 'identifier', name: scanner.last, at };
      throw this.#fault("expected a '(' token, a field check, or an identifier");
    });
  }

  /** A field whose name was just read, with its argument. */
  #field(at: Position): Field {
    const name = this.#scanner.last;
    const argument = this.#argument();
    return argument === undefined ? { kind: 'field', name, at } : { kind: 'field', name, argument, at };
  }

  #argument(): string | undefined {
    const scanner = this.#scanner;
    if (!scanner.text('[')) return undefined;
    if (!scanner.quoted() && !scanner.fieldArgument()) {
      throw this.#fault('expected a valid field argument: a quoted string or a bare string');
    }
    const argument = scanner.last;
    this.#expect(']', "expected a ']' token");
    return argument;
  }

  #transformerStart(): TransformerName | undefined {
    return this.#scanner.oneOf(transformerStarts)?.slice(0, -1) as TransformerName | undefined;
  }

  /** The rest of a transformer whose opening bracket was just read. */
  #transformed(name: TransformerName, at: Position): Transformed {
    return this.#deeper(() => {
      const scanner = this.#scanner;
      const of: TransformerArgument[] = [];
      do {
        of.push(this.#transformerArgument());
        scanner.blank();
      } while (scanner.text(','));
      this.#expect(')', "expected a ')' token closing the transformer");
      const index = name === 'getopt' ? this.#argument() : undefined;
      return index === undefined ? { kind: 'transformer', name, of, at } : { kind: 'transformer', name, of, index, at };
    });
  }

  #transformerArgument(): TransformerArgument {
    const scanner = this.#scanner;
    const at = scanner.position();
    scanner.blank();
    if (!scanner.text('(')) {
      const wanted =
        'expected field transformer argument: field, transformer, quoted string, number, or transformer list';
      return this.#plainArgument(at, wanted);
    }
    scanner.blank();
    if (scanner.text(')')) return { kind: 'arguments', of: [], at };
    const wanted = 'expected transformer list argument: field, transformer, quoted string, or number';
    const of: (Operand | Value)[] = [];
    do {
      scanner.blank();
      of.push(this.#plainArgument(at, wanted));
      scanner.blank();
    } while (scanner.text(','));
    this.#expect(')', "expected ')'");
    return { kind: 'arguments', of, at };
  }

  #plainArgument(at: Position, wanted: string): Operand | Value {
    const scanner = this.#scanner;
    if (scanner.number() || scanner.quoted()) return { kind: 'value', value: scanner.last, at };
    const transformer = this.#transformerStart();
    if (transformer !== undefined) return this.#transformed(transformer, at);
    if (scanner.fieldName()) return this.#field(at);
    throw this.#fault(wanted);
  }

  #condition(left: Operand, at: Position): Expression {
    return this.#deeper(() => {
      const scanner = this.#scanner;
      scanner.blank();
      if (scanner.text('exists')) return { kind: 'exists', left, at };
      const number = scanner.oneOf(numberOperators);
      if (number !== undefined) return { kind: 'check', left, operator: number, right: this.#numberValue(), at };
      const text = this.#textOperator();
      if (text !== undefined) return this.#textCheck(left, text, at);
      const list = scanner.oneOf(listOperators);
      if (list !== undefined) return { kind: 'check', left, operator: list, right: this.#listValue(), at };
      throw this.#fault(`expected a valid check operator: one of ${listNames(operatorNames)}`);
    });
  }

  #textOperator(): TextOperator | undefined {
    const scanner = this.#scanner;
    const operator = scanner.oneOf(textOperators);
    return operator === undefined || !isWord(operator) || scanner.blank() ? operator : undefined;
  }

  #textCheck(left: Operand, operator: TextOperator, at: Position): Check {
    this.#scanner.blank();
    const modifier = this.#modifier();
    if (modifier === undefined) return { kind: 'check', left, operator, right: this.#textValue(), at };
    return { kind: 'check', left, operator, modifier, right: this.#listValue(), at };
  }

  /** `oneof`, `anyof` or `allof` between blanks and before a list or the name of one; else it is a plain value. */
  #modifier(): Modifier | undefined {
    const scanner = this.#scanner;
    if (!scanner.isAfterBlank) return undefined;
    const ahead = /^(?<word>oneof|anyof|allof)[ \t\b\r\n]+(?:\(|(?!(?:and|or)(?![a-zA-Z0-9_]))[a-zA-Z])/.exec(
      scanner.peek(lookAhead),
    );
    const modifier = modifiers.find((word) => word === ahead?.groups?.['word']);
    if (modifier !== undefined) scanner.text(modifier);
    return modifier;
  }

  #numberValue(): Operand | Value {
    const scanner = this.#scanner;
    scanner.blank();
    const at = scanner.position();
    const operand = this.#rightOperand(at);
    if (operand !== undefined) return operand;
    if (scanner.number()) return { kind: 'value', value: scanner.last, at };
    throw this.#fault(`expected a number value or a field with a valid transformer: ${transformerList}`);
  }

  #textValue(): Operand | Value {
    const scanner = this.#scanner;
    scanner.blank();
    const at = scanner.position();
    const operand = this.#rightOperand(at);
    if (operand !== undefined) return operand;
    if (scanner.quoted() || scanner.bareText()) return { kind: 'value', value: scanner.last, at };
    throw this.#fault(`expected a string value or a field with a valid transformer: ${transformerList}`);
  }

  #listValue(): Operand | Value | ValueList {
    const scanner = this.#scanner;
    scanner.blank();
    const at = scanner.position();
    if (scanner.text('(')) return this.#list(at);
    const operand = this.#rightOperand(at);
    if (operand !== undefined) return operand;
    if (scanner.identifier()) return { kind: 'value', value: scanner.last, at };
    throw this.#fault(`expected a list, an identifier, or a field with a valid transformer: ${transformerList}`);
  }

  #list(at: Position): ValueList {
    const scanner = this.#scanner;
    const values: string[] = [];
    scanner.blank();
    if (scanner.quoted() || scanner.bareText()) {
      values.push(scanner.last);
      scanner.blank();
      while (scanner.text(',')) {
        scanner.blank();
        if (!scanner.quoted() && !scanner.bareText()) throw this.#fault('expected a string value');
        values.push(scanner.last);
        scanner.blank();
      }
    }
    this.#expect(')', "expected a ')' token");
    return { kind: 'values', values, at };
  }

  /** `val(field)` or a transformer on the right; undefined when a plain value stands there. */
  #rightOperand(at: Position): Operand | undefined {
    const scanner = this.#scanner;
    if (!scanner.text('val(')) {
      const transformer = this.#transformerStart();
      return transformer === undefined ? undefined : this.#transformed(transformer, at);
    }
    scanner.blank();
    const fieldAt = scanner.position();
    if (!scanner.fieldName()) throw this.#fault("expected a field within 'val' transformer");
    const of = [this.#field(fieldAt)];
    scanner.blank();
    this.#expect(')', "expected a ')' token closing the transformer");
    return { kind: 'transformer', name: 'val', of, at };
  }

  #expect(token: string, message: string): void {
    if (!this.#scanner.text(token)) throw this.#fault(message);
  }

  #fault(message: string): FilterError {
    return new FilterError(message, this.#scanner.position());
  }

  #deeper<T>(read: () => T): T {
    this.#depth++;
    if (this.#depth >= this.#maxDepth) throw this.#fault(`exceeded max depth limit of ${this.#maxDepth}`);
    const result = read();
    this.#depth--;
    return result;
  }
}

/** Far enough to see what follows a modifier, blanks of a folded YAML text included. */
const lookAhead = 4096;
