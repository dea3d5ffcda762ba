import { FilterError, type Operand } from '../filter/ast.ts';
import { parseFilter } from '../filter/parser.ts';
import { fieldText, type FieldCatalog } from '../fields/catalog.ts';
import { typedOperand, type TypedOperand } from '../compile/typed-operand.ts';

/** A piece of an output format: text as it is, or the value of a field. */
export type FormatPart = string | FieldPart;

export interface FieldPart {
  /** As it is called in `output_fields`: `proc.aname[2]`. */
  readonly name: string;
  readonly operand: TypedOperand;
  /** Characters to fill or cut to; 0 for as many as there are. */
  readonly width: number;
}

/** An output format that names what is not there. */
export class FormatError extends Error {}

/** Reads `text %field %12field %field[argument] %tolower(field)`. Throws `FormatError` in Falco's words. */
export function parseFormat(format: string, catalog: FieldCatalog): FormatPart[] {
  const parts: FormatPart[] = [];
  let literal = '';
  for (let index = 0; index < format.length;) {
    const percent = format.indexOf('%', index);
    literal += format.slice(index, percent < 0 ? format.length : percent);
    if (percent < 0) break;
    if (percent === format.length - 1) {
      throw new FormatError('invalid formatting syntax: formatting cannot end with a %');
    }
    const width = /^\d{1,4}/.exec(format.slice(percent + 1, percent + 5))?.[0] ?? '';
    const start = percent + 1 + width.length;
    const token = readTransformer(format, start, catalog) ?? readField(format, start, catalog);
    if (token === undefined) throw new FormatError(`invalid formatting token ${format.slice(start)}`);
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ name: token.name, operand: token.operand, width: Number(width) });
    index = token.end;
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

interface Token {
  readonly name: string;
  readonly operand: TypedOperand;
  readonly end: number;
}

/** Longest run of characters in which a field's name is looked for. */
const maxName = 256;

/** The longest field name that stands here, with its argument. */
function readField(format: string, start: number, catalog: FieldCatalog): Token | undefined {
  const run = /^[\w.]*/.exec(format.slice(start, start + maxName))?.[0].replace(/\.+$/, '') ?? '';
  for (let length = run.length; length > 0; length--) {
    const name = run.slice(0, length);
    const end = start + length;
    const argument = readArgument(format, end);
    if (argument !== undefined && catalog.find(name, argument.text) !== undefined) {
      return tokenOf({ kind: 'field', name, argument: argument.text, at }, catalog, argument.end);
    }
    const named = catalog.find(name);
    if (named !== undefined && !named.spec.isFilterOnly) return tokenOf({ kind: 'field', name, at }, catalog, end);
  }
  return undefined;
}

const at = { index: 0, line: 1, column: 1 };

function readArgument(format: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const close = format.charAt(start) === '[' ? format.indexOf(']', start) : -1;
  if (close < 0) return undefined;
  const text = format.slice(start + 1, close);
  const isQuoted = text.length > 1 && /^(?:"[^"]*"|'[^']*')$/.test(text);
  return { text: isQuoted ? text.slice(1, -1) : text, end: close + 1 };
}

/** A transformer with balanced brackets; undefined when none stands here. */
function readTransformer(format: string, start: number, catalog: FieldCatalog): Token | undefined {
  const head = /^(?:tolower|toupper|b64|basename|len|join|concat|getopt)\(/.exec(format.slice(start, start + 16))?.[0];
  if (head === undefined) return undefined;
  let depth = 1;
  let end = start + head.length;
  for (; end < format.length && depth > 0; end++) {
    const character = format.charAt(end);
    if (character === '(') depth++;
    else if (character === ')') depth--;
  }
  try {
    const expression = parseFilter(`${format.slice(start, end)} exists`);
    return expression.kind === 'exists' ? tokenOf(expression.left, catalog, end, format.slice(start, end)) : undefined;
  } catch (error) {
    if (error instanceof FilterError) return undefined;
    throw error;
  }
}

function tokenOf(operand: Operand, catalog: FieldCatalog, end: number, name?: string): Token {
  const text = operand.kind === 'field' ? fieldText(operand.name, operand.argument) : '';
  return { name: name ?? text, operand: typedOperand(operand, catalog, 'left'), end };
}
