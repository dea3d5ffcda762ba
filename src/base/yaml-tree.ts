import { isAlias, isMap, isScalar, isSeq, LineCounter, type Document, type Node } from 'yaml';
import { parseYamlStream, tooDeep } from './yaml-parse.ts';

/** Where a node begins: line and column count from 1, the offset in the text from 0. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Times, binaries and whole numbers past 2^53 stay as they are written. */
  readonly value: string | number | boolean | null;
  /** As written, quotes resolved. */
  readonly source: string;
  readonly at: YamlPlace;
}
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: YamlPlace;
}
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: YamlPlace;
  readonly value: YamlNode;
}
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
  readonly at: YamlPlace;
}
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlFault {
  readonly message: string;
  readonly at: YamlPlace;
}

/** One document of a stream: its tree, or why it has none. An empty document is a null scalar. */
export type YamlDocument = { readonly root: YamlNode } | { readonly fault: YamlFault };

export interface YamlLimits {
  /** Bytes of text: a megabyte takes about a second, whatever stands in it (`yaml-parse.ts`). */
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Nodes of one document with every alias written out: aliases of aliases grow without end. */
  readonly maxNodes: number;
  /** What a key that stands twice is: a fault, or (as for yaml-cpp) no matter, and the first one counts. */
  readonly duplicateKeys: 'fault' | 'first';
}

const defaultLimits: YamlLimits = {
  maxBytes: 4 << 20,
  maxDepth: 64,
  maxNodes: 1_000_000,
  duplicateKeys: 'fault',
};
const start: YamlPlace = { line: 1, column: 1, offset: 0 };

/**
 * Reads YAML 1.1 with the types that PyYAML and yaml-cpp give (`yes` is true, `0x10` is 16), merge keys included. Shared
 * nodes stay shared, so aliases cost nothing. A key that stands twice, an alias of itself, and what goes past a limit are
 * faults; a fault ends its document only.
 */
export function readYaml(text: string, limits: Partial<YamlLimits> = {}): YamlDocument[] {
  const bounds = { ...defaultLimits, ...limits };
  if (Buffer.byteLength(text) > bounds.maxBytes) {
    return [{ fault: { message: `longer than ${bounds.maxBytes} bytes`, at: start } }];
  }
  const lines = new LineCounter();
  const documents = parseYamlStream(text, {
    version: '1.1',
    merge: false,
    // The library compares each key with every other; the walk below does it with a set.
    uniqueKeys: false,
    lineCounter: lines,
  });
  return documents.map((document) => new TreeBuilder(document, lines, bounds).build());
}

class FaultError extends Error {
  readonly fault: YamlFault;

  constructor(fault: YamlFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class TreeBuilder {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #limits: YamlLimits;
  /** Finished nodes, with their size when aliases are written out. */
  readonly #done = new Map<Node, { readonly node: YamlNode; readonly size: number }>();
  readonly #open = new Set<Node>();
  /** Last node of each anchor so far: what an alias means. */
  readonly #anchors = new Map<string, Node>();

  constructor(document: Document.Parsed, lines: LineCounter, limits: YamlLimits) {
    this.#document = document;
    this.#lines = lines;
    this.#limits = limits;
  }

  build(): YamlDocument {
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const isDepth = error.message.includes('call stack') || error.message === tooDeep;
      const message = isDepth ? `nested deeper than ${this.#limits.maxDepth}` : error.message;
      return { fault: { message, at: this.#placeOf(error.pos[0]) } };
    }
    const { contents } = this.#document;
    if (contents === null) return { root: { kind: 'scalar', value: null, source: '', at: start } };
    try {
      return { root: this.#node(contents, 0).node };
    } catch (fault) {
      if (fault instanceof FaultError) return { fault: fault.fault };
      throw fault;
    }
  }

  #placeOf(offset: number): YamlPlace {
    const { line, col } = this.#lines.linePos(offset);
    return line === 0 ? start : { line, column: col, offset };
  }

  #at(node: Node): YamlPlace {
    return this.#placeOf(node.range?.[0] ?? 0);
  }

  #fail(message: string, node: Node): never {
    throw new FaultError({ message, at: this.#at(node) });
  }

  #node(node: Node, depth: number): { readonly node: YamlNode; readonly size: number } {
    if (depth > this.#limits.maxDepth) this.#fail(`nested deeper than ${this.#limits.maxDepth}`, node);
    if (isAlias(node)) return this.#alias(node.source, node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) this.#fail('not a value', node);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const result = this.#build(node, depth);
    this.#open.delete(node);
    if (result.size > this.#limits.maxNodes) this.#fail(`more than ${this.#limits.maxNodes} values`, node);
    this.#done.set(node, result);
    return result;
  }

  #alias(name: string, alias: Node): { readonly node: YamlNode; readonly size: number } {
    const target = this.#anchors.get(name);
    if (target === undefined) this.#fail(`no anchor ${JSON.stringify(name)} before`, alias);
    if (this.#open.has(target)) this.#fail(`alias ${JSON.stringify(name)} inside of itself`, alias);
    const done = this.#done.get(target);
    return done ?? this.#fail(`no anchor ${JSON.stringify(name)} before`, alias);
  }

  #build(node: Node, depth: number): { readonly node: YamlNode; readonly size: number } {
    const at = this.#at(node);
    if (isScalar(node)) return { node: { kind: 'scalar', ...scalarValue(node.value, node.source), at }, size: 1 };
    if (isSeq(node)) {
      let size = 1;
      const items: YamlNode[] = [];
      for (const item of node.items) {
        const built = this.#node(item as Node, depth + 1);
        items.push(built.node);
        size = this.#grown(size, built.size, node);
      }
      return { node: { kind: 'list', items, at }, size };
    }
    return isMap(node) ? this.#map(node.items, node, depth) : this.#fail('not a value', node);
  }

  #map(pairs: readonly unknown[], map: Node, depth: number): { readonly node: YamlNode; readonly size: number } {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlNode[] = [];
    let size = 1;
    for (const pair of pairs as readonly { readonly key: Node; readonly value: Node | null }[]) {
      if (!isScalar(pair.key)) this.#fail('a key that is no plain text', pair.key);
      const keyAt = this.#at(pair.key);
      const key = scalarValue(pair.key.value, pair.key.source).source;
      const built = this.#entry(pair.value, keyAt, depth);
      size = this.#grown(size, built.size, map);
      if (key === '<<' && pair.key.type === 'PLAIN') merged.push(built.node);
      else if (entries.has(key)) this.#twice(key, pair.key);
      else entries.set(key, { key, keyAt, value: built.node });
    }
    for (const node of merged) this.#merge(node, entries, map);
    return { node: { kind: 'map', entries, at: this.#at(map) }, size };
  }

  #twice(key: string, node: Node): void {
    if (this.#limits.duplicateKeys === 'fault') this.#fail(`the key ${JSON.stringify(key)} stands twice`, node);
  }

  #entry(value: Node | null, keyAt: YamlPlace, depth: number): { readonly node: YamlNode; readonly size: number } {
    if (value !== null) return this.#node(value, depth + 1);
    return { node: { kind: 'scalar', value: null, source: '', at: keyAt }, size: 1 };
  }

  /** Merge key: what the map has not itself comes from the maps named; of several the first counts. */
  #merge(node: YamlNode, entries: Map<string, YamlEntry>, map: Node): void {
    const maps = node.kind === 'list' ? node.items : [node];
    for (const from of maps) {
      if (from.kind !== 'map') this.#fail('a merge key whose value is no map', map);
      for (const [key, entry] of from.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  #grown(size: number, by: number, node: Node): number {
    const grown = size + by;
    if (grown > this.#limits.maxNodes) this.#fail(`more than ${this.#limits.maxNodes} values`, node);
    return grown;
  }
}

function scalarValue(value: unknown, source: string | undefined): Pick<YamlScalar, 'value' | 'source'> {
  const text = source ?? (value === null || value === undefined ? '' : String(value as string));
  if (value === undefined) return { value: null, source: text };
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { value: text, source: text };
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { value, source: text };
  }
  return { value: text, source: text };
}
