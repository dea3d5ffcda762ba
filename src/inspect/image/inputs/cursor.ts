import type { YamlNode } from '../../../base/yaml-tree.ts';
import type { Located, Place } from './place.ts';

/**
 * A place in a document that may or may not be there: reading on below what is missing, or is of another type, gives more of what is
 * missing, so that hostile documents need no case of their own. The place of what is missing is that of the nearest value above.
 */
export class Cursor {
  readonly node: YamlNode | undefined;
  readonly place: Place;

  constructor(node: YamlNode | undefined, place: Place) {
    this.node = node;
    this.place = place;
  }

  /** The root of a document. */
  static root(node: YamlNode, path: string): Cursor {
    return new Cursor(node, { path, line: node.at.line, pointer: '' });
  }

  /** Something other than null stands here. */
  get isThere(): boolean {
    return this.node !== undefined && !(this.node.kind === 'scalar' && this.node.value === null);
  }

  get(...keys: readonly string[]): Cursor {
    return keys.reduce((cursor: Cursor, key) => cursor.#child(key), this);
  }

  #child(key: string): Cursor {
    const entry = this.node?.kind === 'map' ? this.node.entries.get(key) : undefined;
    const pointer = this.place.pointer === '' ? key : `${this.place.pointer ?? ''}.${key}`;
    return new Cursor(entry?.value, {
      ...this.place,
      ...(entry === undefined ? {} : { line: entry.keyAt.line }),
      pointer,
    });
  }

  items(): Cursor[] {
    if (this.node?.kind !== 'list') return [];
    return this.node.items.map(
      (item, index) =>
        new Cursor(item, { ...this.place, line: item.at.line, pointer: `${this.place.pointer ?? ''}[${index}]` }),
    );
  }

  entries(): (readonly [key: string, value: Cursor])[] {
    if (this.node?.kind !== 'map') return [];
    return [...this.node.entries.keys()].map((key) => [key, this.#child(key)] as const);
  }

  /** A scalar as it is written; undefined for null, lists and maps. */
  text(): string | undefined {
    return this.node?.kind === 'scalar' && this.node.value !== null ? this.node.source : undefined;
  }

  /** A boolean, also one that is quoted. */
  flag(): boolean | undefined {
    if (this.node?.kind !== 'scalar') return undefined;
    const { value } = this.node;
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : undefined;
  }

  number(): number | undefined {
    const text = this.text();
    if (text === undefined || text.trim() === '') return undefined;
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  located<T>(value: T): Located<T> {
    return { value, at: this.place };
  }

  locatedText(): Located<string> | undefined {
    return locate(this, this.text());
  }

  locatedFlag(): Located<boolean> | undefined {
    return locate(this, this.flag());
  }

  locatedNumber(): Located<number> | undefined {
    return locate(this, this.number());
  }

  /** The texts of a list; one text by itself is a list of one. */
  texts(): Located<string>[] {
    const cursors = this.node?.kind === 'list' ? this.items() : [this];
    return cursors.flatMap((cursor) => cursor.locatedText() ?? []);
  }
}

function locate<T>(cursor: Cursor, value: T | undefined): Located<T> | undefined {
  return value === undefined ? undefined : cursor.located(value);
}
