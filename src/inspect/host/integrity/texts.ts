import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { VakthundError } from '../../../base/errors.ts';
import type { FileTree } from '../../tree/tree.ts';
import { shownPath, type FileState } from './attributes.ts';
import { ruleOf, type Policy } from './policy.ts';

/** Texts that are kept: no secrets (everybody may read them), and small. */
const maxTextBytes = 32_768;
const maxTotalBytes = 16 << 20;

/** Contents of small text files by their digest. */
export type Texts = ReadonlyMap<string, string>;

/** Gathers the texts of files for which the policy wants changes line by line. */
export class TextCollector {
  readonly texts: Map<string, string>;
  readonly #policy: Policy;
  readonly #tree: FileTree;
  #total = 0;

  constructor(policy: Policy, tree: FileTree, texts: Texts = new Map()) {
    this.#policy = policy;
    this.#tree = tree;
    this.texts = new Map(texts);
    for (const text of texts.values()) this.#total += text.length;
  }

  add(state: FileState): void {
    if (ruleOf(this.#policy, state.path)?.diff !== true || state.digest === '' || this.texts.has(state.digest)) return;
    const text = textOf(state, this.#tree);
    if (text === undefined || this.#total + text.length > maxTotalBytes) return;
    this.#total += text.length;
    this.texts.set(state.digest, text);
  }
}

/** The text of a file that everybody may read; undefined for others, and for what is no text. */
export function textOf(state: FileState, tree: FileTree): string | undefined {
  if (state.type !== 'f' || state.size > maxTextBytes || (state.mode & 0o004) === 0) return undefined;
  const text = tree.read(shownPath(state.path), maxTextBytes)?.toString('utf8');
  return text === undefined || /[\0\uFFFD]/.test(text) ? undefined : text;
}

export function encodeTexts(texts: Texts): Buffer {
  const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return zstdCompressSync(JSON.stringify(Object.fromEntries(sorted)));
}

export function decodeTexts(bytes: Buffer): Texts {
  try {
    const text = zstdDecompressSync(bytes, { maxOutputLength: 8 * maxTotalBytes }).toString('utf8');
    return new Map(Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text))));
  } catch (error) {
    throw new VakthundError('BASELINE', 'the texts of the baseline cannot be read', { cause: error });
  }
}
