import type { FileTree } from '../../../tree/tree.ts';
import { filesIn, plainLines, readLines } from '../../locations.ts';

/** One statement of sudoers(5) in one file. */
export interface SudoersLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface SudoersPolicy {
  /** Everything but aliases and includes. */
  readonly lines: readonly SudoersLine[];
  /** What an alias of users, run-as users or commands stands for. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

const maxFiles = 64;
const maxNames = 1000;
const aliasPattern = /^(?:User|Runas|Host|Cmnd|Cmd)_Alias\s+(?<definitions>.+)$/;

/** The policy of sudo in all its files, in the order in which sudo reads them. */
export function readPolicy(tree: FileTree): SudoersPolicy {
  const files = ['/etc/sudoers', ...[...filesIn(tree, ['/etc/sudoers.d'], isRead)].map(({ path }) => path)];
  const lines: SudoersLine[] = [];
  const aliases = new Map<string, readonly string[]>();
  for (const path of files) {
    for (const { line, text } of statements(readLines(tree, path))) {
      const include = /^@include(?<dir>dir)?\s+(?<path>\S+)/.exec(text)?.groups;
      if (include !== undefined) {
        const [named, isFolder] = [include['path'] ?? '', include['dir'] !== undefined];
        const more = isFolder ? [...filesIn(tree, [named], isRead)].map((entry) => entry.path) : [named];
        if (files.length < maxFiles) files.push(...more.filter((one) => !files.includes(one)));
      } else if (!addAliases(text, aliases)) lines.push({ path, line, text });
    }
  }
  return { lines, aliases };
}

/** The names in a list, with aliases in the place of which stands what they mean. */
export function resolved(names: readonly string[], aliases: SudoersPolicy['aliases']): string[] {
  const found = new Set<string>();
  const waiting = [...names];
  for (let at = 0; at < waiting.length && at < maxNames; at++) {
    const name = waiting[at] ?? '';
    const meant = found.has(name) ? undefined : aliases.get(name);
    found.add(name);
    if (meant !== undefined) waiting.push(...meant);
  }
  return [...found];
}

/** Parts between commas that no backslash stands before. */
export function listOf(text: string): string[] {
  return text.split(/(?<!\\),/).map((part) => part.trim());
}

/** sudo passes over names with a dot or a tilde at the end. */
function isRead(name: string): boolean {
  return !name.includes('.') && !name.endsWith('~');
}

/** `#33` and `%#33` are numbers of accounts and groups, `#include` is an order: neither begins a comment. */
function* statements(text: string): Generator<{ readonly line: number; readonly text: string }> {
  // Blanks take the place of a continuation, so that lines keep their numbers.
  const joined = text.replaceAll(/\\\n/g, ' ').replaceAll(/^#(?=include)/gm, '@');
  for (const one of plainLines(joined, '\0')) if (!/^#(?!\d)/.test(one.text)) yield one;
}

function addAliases(text: string, aliases: Map<string, readonly string[]>): boolean {
  const definitions = aliasPattern.exec(text)?.groups?.['definitions'];
  if (definitions === undefined) return false;
  for (const definition of definitions.split(/\s:\s/)) {
    const { name = '', names = '' } = /^\s*(?<name>[A-Z][A-Z0-9_]*)\s*=\s*(?<names>.+)$/.exec(definition)?.groups ?? {};
    if (name !== '' && aliases.size < maxNames) aliases.set(name, listOf(names));
  }
  return true;
}
