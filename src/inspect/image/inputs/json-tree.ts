import type { YamlDocument, YamlEntry, YamlFault, YamlNode, YamlPlace } from '../../../base/yaml-tree.ts';

const maxDepth = 128;
/** Line and column are not looked for: only lines are told. */
const noColumn = 1;

/**
 * Reads one JSON text into the same tree as YAML, each value with its line, so that a finding can point at it. Of a key that stands
 * twice the last counts, as in Go. A fault ends the whole document. Lines are counted from `firstLine`.
 */
export function readJsonTree(text: string, firstLine = 1): YamlDocument {
  const reader = new JsonReader(text, firstLine);
  try {
    return { root: reader.document() };
  } catch (error) {
    if (error instanceof JsonFaultError) return { fault: error.fault };
    throw error;
  }
}

class JsonFaultError extends Error {
  readonly fault: YamlFault;

  constructor(fault: YamlFault) {
    super(fault.message);
    this.fault = fault;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plain = /"[ !#-[\]-\u{10FFFF}]*"/uy;
const words: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class JsonReader {
  readonly #text: string;
  #offset: number;
  #line: number;

  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#line = firstLine;
    this.#offset = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): YamlNode {
    const root = this.#value(0);
    this.#skipSpace();
    if (this.#offset < this.#text.length) this.#fail('something stands after the end of the document');
    return root;
  }

  #place(): YamlPlace {
    return { line: this.#line, column: noColumn, offset: this.#offset };
  }

  #fail(message: string): never {
    throw new JsonFaultError({ message, at: this.#place() });
  }

  #skipSpace(): void {
    for (; this.#offset < this.#text.length; this.#offset++) {
      const code = this.#text.charCodeAt(this.#offset);
      if (code === 0x0a) this.#line++;
      else if (code !== 0x20 && code !== 0x09 && code !== 0x0d) return;
    }
  }

  #value(depth: number): YamlNode {
    if (depth > maxDepth) this.#fail(`nested deeper than ${maxDepth}`);
    this.#skipSpace();
    const at = this.#place();
    switch (this.#text.charAt(this.#offset)) {
      case '{':
        return { kind: 'map', entries: this.#entries(depth), at };
      case '[':
        return { kind: 'list', items: this.#items(depth), at };
      case '"': {
        const value = this.#string();
        return { kind: 'scalar', value, source: value, at };
      }
      default:
        return this.#word(at);
    }
  }

  #word(at: YamlPlace): YamlNode {
    for (const [source, value] of words) {
      if (!this.#text.startsWith(source, this.#offset)) continue;
      this.#offset += source.length;
      return { kind: 'scalar', value, source, at };
    }
    number.lastIndex = this.#offset;
    const source = number.exec(this.#text)?.[0];
    if (source === undefined) this.#fail('no value where one must stand');
    this.#offset += source.length;
    const value = Number(source);
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
    return { kind: 'scalar', value: isExact ? value : source, source, at };
  }

  #string(): string {
    plain.lastIndex = this.#offset;
    const simple = plain.exec(this.#text)?.[0];
    if (simple !== undefined) {
      this.#offset += simple.length;
      return simple.slice(1, -1);
    }
    let end = this.#offset + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    const written = this.#text.slice(this.#offset, end + 1);
    try {
      const value: unknown = JSON.parse(written);
      this.#offset = end + 1;
      return String(value as string);
    } catch {
      return this.#fail('a string that is not closed or not well written');
    }
  }

  #entries(depth: number): ReadonlyMap<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    this.#members('}', () => {
      const keyAt = this.#place();
      if (this.#text[this.#offset] !== '"') this.#fail('no key where one must stand');
      const key = this.#string();
      this.#skipSpace();
      if (this.#text[this.#offset] !== ':') this.#fail('no colon after a key');
      this.#offset++;
      entries.set(key, { key, keyAt, value: this.#value(depth + 1) });
    });
    return entries;
  }

  #items(depth: number): readonly YamlNode[] {
    const items: YamlNode[] = [];
    this.#members(']', () => items.push(this.#value(depth + 1)));
    return items;
  }

  /** What stands between an opening bracket and its closing one, parted by commas. */
  #members(close: string, read: () => void): void {
    this.#offset++;
    this.#skipSpace();
    if (this.#text[this.#offset] === close) {
      this.#offset++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      read();
      this.#skipSpace();
      const next = this.#text[this.#offset];
      if (next !== ',' && next !== close) this.#fail(`no comma or "${close}" after a value`);
      this.#offset++;
      if (next === close) return;
    }
  }
}
