import type { YamlPlace } from '../../../../base/yaml-tree.ts';
import type { Position } from '../filter/ast.ts';
import type { ErrorCode } from './codes.ts';

export type ItemType =
  | 'value for'
  | 'exceptions'
  | 'exception'
  | 'exception values'
  | 'exception value'
  | 'rules content'
  | 'rules content item'
  | 'required_engine_version'
  | 'required plugin versions'
  | 'required plugin versions entry'
  | 'required plugin versions alternative'
  | 'list'
  | 'list item'
  | 'macro'
  | 'macro condition'
  | 'rule'
  | 'rule condition'
  | 'condition expression'
  | 'rule output'
  | 'rule priority'
  | 'overrides';

/** Where something stands: a file, or the beginning of a condition in quotes. Line, column and offset count from 0. */
export interface Location {
  readonly name: string;
  readonly type: ItemType;
  readonly itemName: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The chain of items around a place, outermost first, as Falco reports it. */
export class Context {
  readonly locations: readonly Location[];
  /** What a snippet is cut from when it is not the file. */
  readonly #text: string | undefined;

  private constructor(locations: readonly Location[], text?: string) {
    this.locations = locations;
    this.#text = text;
  }

  static ofFile(name: string): Context {
    return new Context([{ name, type: 'rules content', itemName: '', line: 0, column: 0, offset: 0 }]);
  }

  /** An item inside of this one. */
  inner(type: ItemType, itemName: string, at: YamlPlace): Context {
    const { line, column, offset } = at;
    const location = { name: this.#name, type, itemName, line: line - 1, column: column - 1, offset };
    return new Context([...this.locations, location]);
  }

  /** A place in a condition; lines and columns count on from where the condition begins. */
  inCondition(at: Position, condition: string): Context {
    const last = this.locations.at(-1);
    const short = condition.length > 20 ? `${condition.slice(0, 17)}...` : condition;
    const location: Location = {
      name: `"${short.replaceAll(/[\n\r]/g, ' ')}"`,
      type: 'condition expression',
      itemName: '',
      line: at.line + (last?.line ?? 0),
      column: at.column + (last?.column ?? 0),
      offset: at.index + (last?.offset ?? 0),
    };
    return new Context([...this.locations, location], condition);
  }

  get #name(): string {
    return this.locations[0]?.name ?? '';
  }

  text(): string {
    return this.locations
      .map(({ name, type, itemName, line, column }, index) => {
        const item = itemName === '' ? '' : ` '${itemName}'`;
        return `${index === 0 ? 'In ' : '    '}${type}${item}: (${name}:${line}:${column})\n`;
      })
      .join('');
  }

  json(): object {
    return {
      locations: this.locations.map(({ name, type, itemName, line, column, offset }) => ({
        item_name: itemName,
        item_type: type,
        position: { column, line, name, offset },
      })),
    };
  }

  /** The line around the place with a mark below it, cut to 80 characters on either side. */
  snippet(contents: ReadonlyMap<string, string>): string {
    const last = this.locations.at(-1);
    const name = last?.name ?? '';
    const text = this.#text ?? contents.get(name);
    if (text === undefined) return `<No context for file + ${name}>\n`;
    return text === '' ? noContext : snippetOf(text, last?.offset ?? 0);
  }
}

const noContext = '<No context available>\n';
const halfWidth = 80;

function snippetOf(text: string, offset: number): string {
  // A place may lie past the end, after a key without a value.
  let at = Math.min(offset, text.length);
  while (at > 0 && (at >= text.length || text[at] === '\n')) at--;
  let from = at;
  while (from > 0 && text[from] !== '\n' && at - from < halfWidth) from--;
  let to = at;
  while (to < text.length - 1 && text[to] !== '\n' && to - at < halfWidth) to++;
  if (text[from] === '\n') from++;
  if (text[to] === '\n') to--;
  let line = text.slice(from, to + 1);
  if (line === '') return noContext;
  if (at - from >= halfWidth) line = `...${line.slice(3)}`;
  if (to - at >= halfWidth) line = `${line.slice(0, -3)}...`;
  return at - from <= line.length ? `${line}\n${' '.repeat(at - from)}^\n` : `${line}\n`;
}

/** Something in a rules file that stops it. */
export class LoadError extends Error {
  readonly code: ErrorCode;
  readonly context: Context;

  constructor(code: ErrorCode, message: string, context: Context) {
    super(message);
    this.code = code;
    this.context = context;
  }
}
