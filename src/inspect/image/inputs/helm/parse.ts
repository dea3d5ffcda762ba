import { lexTemplate, TemplateError, type Piece, type Token } from './lex.ts';

/** What a value is made of: text/template's operands. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `.a.b`; without names the dot itself. */
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'group'; readonly pipeline: Pipeline; readonly names: readonly string[] };

export interface Pipeline {
  /** Variables that take its value: one, or index and element of a range. */
  readonly variables: readonly string[];
  /** `:=` makes them, `=` changes them. */
  readonly isDeclaration: boolean;
  /** Each with what it is called with; its value is the last argument of the next. */
  readonly commands: readonly (readonly Operand[])[];
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'output'; readonly pipeline: Pipeline; readonly line: number }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
      readonly line: number;
    }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined; readonly line: number }
  | { readonly kind: 'break' | 'continue'; readonly line: number };

export interface ParsedTemplate {
  readonly body: readonly TemplateNode[];
  /** Templates that `define` and `block` name. */
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Blocks and groups inside one another. */
const maxDepth = 100;

/** Reads a template of Go's text/template. Throws `TemplateError`. */
export function parseTemplate(text: string): ParsedTemplate {
  const parser = new Parser(lexTemplate(text));
  const { nodes, end } = parser.block(0);
  if (end !== undefined) throw new TemplateError(`unexpected {{${end.word}}}`, end.line);
  return { body: nodes, defined: parser.defined };
}

interface BlockEnd {
  readonly word: string;
  readonly rest: readonly Token[];
  readonly line: number;
}

class Parser {
  readonly defined = new Map<string, readonly TemplateNode[]>();
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes up to an `end` or `else`, which is given back. */
  block(depth: number): { readonly nodes: TemplateNode[]; readonly end: BlockEnd | undefined } {
    const nodes: TemplateNode[] = [];
    for (let piece = this.#pieces[this.#next++]; piece !== undefined; piece = this.#pieces[this.#next++]) {
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const { word, rest } = keywordOf(piece.tokens);
      if (word === 'end' || word === 'else') return { nodes, end: { word, rest, line: piece.line } };
      if (depth > maxDepth) throw new TemplateError('too many blocks inside one another', piece.line);
      const node = this.#action(word, rest, piece, depth);
      if (node !== undefined) nodes.push(node);
    }
    return { nodes, end: undefined };
  }

  #action(
    word: string,
    rest: readonly Token[],
    { tokens, line }: Extract<Piece, { kind: 'action' }>,
    depth: number,
  ): TemplateNode | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word, rest, line, depth);
      case 'break':
      case 'continue':
        return { kind: word, line };
      case 'template':
        return { kind: 'template', ...namedPipeline(rest, line), line };
      case 'define':
      case 'block': {
        const named = namedPipeline(rest, line);
        this.defined.set(named.name, this.#closed(line, depth));
        return word === 'block' ? { kind: 'template', ...named, line } : undefined;
      }
      default:
        return { kind: 'output', pipeline: new PipelineParser(tokens, line).whole(), line };
    }
  }

  #closed(line: number, depth: number): readonly TemplateNode[] {
    const { nodes, end } = this.block(depth + 1);
    if (end?.word !== 'end') throw new TemplateError('a block is not closed', line);
    return nodes;
  }

  #branch(kind: 'if' | 'with' | 'range', tokens: readonly Token[], line: number, depth: number): TemplateNode {
    const pipeline = new PipelineParser(tokens, line).whole();
    const { nodes: body, end } = this.block(depth + 1);
    if (end === undefined) throw new TemplateError(`{{${kind}}} is not closed`, line);
    if (end.word === 'end') return { kind, pipeline, body, otherwise: [], line };
    const { word, rest } = keywordOf(end.rest);
    // `else if` and `else with` are closed by the end of the whole.
    if (word === 'if' || word === 'with') {
      if (depth > maxDepth) throw new TemplateError('too many blocks inside one another', end.line);
      return { kind, pipeline, body, otherwise: [this.#branch(word, rest, end.line, depth + 1)], line };
    }
    return { kind, pipeline, body, otherwise: this.#closed(line, depth), line };
  }
}

function keywordOf(tokens: readonly Token[]): { readonly word: string; readonly rest: readonly Token[] } {
  const first = tokens.findIndex(({ kind }) => kind !== 'space');
  const token = tokens[first];
  return token?.kind === 'name' ? { word: token.text, rest: tokens.slice(first + 1) } : { word: '', rest: tokens };
}

/** `"name" pipeline`. */
function namedPipeline(
  tokens: readonly Token[],
  line: number,
): { readonly name: string; readonly pipeline: Pipeline | undefined } {
  const first = tokens.findIndex(({ kind }) => kind !== 'space');
  const token = tokens[first];
  if (token?.kind !== 'string') throw new TemplateError('a template has no name', line);
  const rest = tokens.slice(first + 1);
  const isAlone = rest.every(({ kind }) => kind === 'space');
  return { name: unquote(token.text), pipeline: isAlone ? undefined : new PipelineParser(rest, line).whole() };
}

class PipelineParser {
  readonly #tokens: readonly Token[];
  readonly #line: number;
  #next = 0;

  constructor(tokens: readonly Token[], line: number) {
    this.#tokens = tokens;
    this.#line = line;
  }

  whole(): Pipeline {
    const pipeline = this.#pipeline(0);
    if (this.#next < this.#tokens.length) throw this.#unexpected();
    return pipeline;
  }

  #pipeline(depth: number): Pipeline {
    if (depth > maxDepth) throw new TemplateError('too many groups inside one another', this.#line);
    const target = this.#variables();
    const commands: Operand[][] = [[]];
    for (let token = this.#peek(); token !== undefined && token.text !== ')'; token = this.#peek()) {
      if (token.kind === 'space') this.#next++;
      else if (token.text === '|') {
        this.#next++;
        commands.push([]);
      } else commands.at(-1)?.push(this.#operand(depth));
    }
    if (commands.some((command) => command.length === 0)) throw new TemplateError('an action is empty', this.#line);
    return { ...target, commands };
  }

  /** `$a :=`, `$a =`, `$i, $e :=` at the start. */
  #variables(): { readonly variables: readonly string[]; readonly isDeclaration: boolean } {
    const start = this.#next;
    const variables: string[] = [];
    for (let token = this.#skipSpace(); token?.kind === 'variable'; token = this.#skipSpace()) {
      variables.push(token.text.slice(1));
      this.#next++;
      const sign = this.#skipSpace()?.text;
      if (sign === ',' && variables.length < 2) this.#next++;
      else if (sign === ':=' || sign === '=') {
        this.#next++;
        return { variables, isDeclaration: sign === ':=' };
      } else break;
    }
    this.#next = start;
    return { variables: [], isDeclaration: false };
  }

  #operand(depth: number): Operand {
    const token = this.#peek();
    if (token === undefined) throw this.#unexpected();
    this.#next++;
    switch (token.kind) {
      case 'string':
        return {
          kind: 'literal',
          value: token.text.startsWith("'") ? (unquote(token.text).codePointAt(0) ?? 0) : unquote(token.text),
        };
      case 'number':
        return { kind: 'literal', value: Number(token.text.replaceAll('_', '')) };
      case 'field':
        return { kind: 'field', names: [...(token.text === '.' ? [] : [token.text.slice(1)]), ...this.#names()] };
      case 'variable':
        return { kind: 'variable', name: token.text.slice(1), names: this.#names() };
      case 'name':
        return wordOperand(token.text);
      case 'sign': {
        if (token.text !== '(') break;
        const pipeline = this.#pipeline(depth + 1);
        if (this.#peek()?.text !== ')') throw this.#unexpected();
        this.#next++;
        return { kind: 'group', pipeline, names: this.#names() };
      }
      case 'space':
    }
    this.#next--;
    throw this.#unexpected();
  }

  /** Fields that follow without a blank. */
  #names(): string[] {
    const names: string[] = [];
    for (let token = this.#peek(); token?.kind === 'field' && token.text !== '.'; token = this.#peek()) {
      names.push(token.text.slice(1));
      this.#next++;
    }
    return names;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #skipSpace(): Token | undefined {
    while (this.#peek()?.kind === 'space') this.#next++;
    return this.#peek();
  }

  #unexpected(): TemplateError {
    return new TemplateError(`unexpected ${JSON.stringify(this.#peek()?.text ?? 'end')} in an action`, this.#line);
  }
}

function wordOperand(name: string): Operand {
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
  return name === 'nil' ? { kind: 'literal', value: null } : { kind: 'function', name };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };

/** A literal of Go: raw between backticks, with escapes between quotes. */
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(/\\(?:x(?<hex>[\da-fA-F]{2})|u(?<unit>[\da-fA-F]{4})|(?<sign>.))/g, (...parts) => {
    const groups = parts.at(-1) as Readonly<Record<string, string | undefined>>;
    const code = groups['hex'] ?? groups['unit'];
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return escapes[groups['sign'] ?? ''] ?? groups['sign'] ?? '';
  });
}
