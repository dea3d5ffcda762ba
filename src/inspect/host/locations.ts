import { nameOf, type FileTree, type TreeEntry } from '../tree/tree.ts';
import type { HostContext } from './technique.ts';

/** Bytes of a start-up file that are read. */
const maxTextBytes = 2 ** 20;
const headBytes = 4096;

/** Files and links to files in folders, not below them; a folder that is not there has none. Each real file once. */
export function* filesIn(
  tree: FileTree,
  folders: readonly string[],
  fits: (name: string, entry: TreeEntry) => boolean = () => true,
): Generator<TreeEntry> {
  const seen = new Set<string>();
  for (const folder of folders) {
    for (const entry of tree.list(folder)) {
      if (entry.type !== 'file' && entry.type !== 'symlink') continue;
      if (seen.has(entry.path) || !fits(nameOf(entry.path), entry)) continue;
      seen.add(entry.path);
      yield entry;
    }
  }
}

/** The paths at which a regular file stands, links followed. */
export function* filesAt(tree: FileTree, paths: Iterable<string>): Generator<TreeEntry> {
  for (const path of paths) {
    const entry = tree.lstat(path);
    if (entry?.type === 'file' || (entry?.type === 'symlink' && tree.stat(path)?.type === 'file')) yield entry;
  }
}

/** Names that fit a star of one pattern, in all its folders. */
const maxNames = 20_000;

/**
 * What stands at the paths that fit `/etc/x/*.d/*.conf`: a star is any run inside one name, also an empty one. Files and links to files. A folder
 * that several links lead to is looked into once.
 */
export function* filesLike(
  { tree, notChecked }: Pick<HostContext, 'tree' | 'notChecked'>,
  patterns: readonly string[],
): Generator<TreeEntry> {
  for (const pattern of patterns) {
    const expansion = new Expansion(tree);
    yield* filesAt(tree, expansion.of('', pattern.split('/').slice(1)));
    if (expansion.isCut) notChecked(`some of ${pattern}`, `more than ${maxNames} names fit it`);
  }
}

/** The paths that one pattern stands for. */
class Expansion {
  readonly #tree: FileTree;
  /** Real folders with what was asked of them: links that lead back would go on without end. */
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  get isCut(): boolean {
    return this.#count > maxNames;
  }

  *of(folder: string, parts: readonly string[]): Generator<string> {
    const [part, ...rest] = parts;
    if (part === undefined) yield folder;
    else if (part.includes('*')) {
      for (const name of this.#namesIn(folder, part, rest.length)) yield* this.of(`${folder}/${name}`, rest);
    } else yield* this.of(`${folder}/${part}`, rest);
  }

  *#namesIn(folder: string, part: string, depth: number): Generator<string> {
    const path = folder === '' ? '/' : folder;
    const real = `${depth} ${this.#tree.stat(path)?.path ?? path}`;
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    const [before = '', after = ''] = part.split('*');
    for (const entry of this.#tree.list(path)) {
      const name = nameOf(entry.path);
      if (name.length < part.length - 1 || !name.startsWith(before) || !name.endsWith(after)) continue;
      if (++this.#count > maxNames) return;
      yield name;
    }
  }
}

/** Folders in a folder, links to folders included. */
export function* foldersIn(tree: FileTree, folder: string): Generator<TreeEntry> {
  for (const entry of tree.list(folder)) {
    const real = entry.type === 'symlink' ? tree.stat(entry.path) : entry;
    if (real?.type === 'directory') yield entry;
  }
}

export function isExecutable(tree: FileTree, path: string): boolean {
  const entry = tree.stat(path);
  return entry?.type === 'file' && (entry.mode & 0o111) !== 0;
}

/** Of control characters in a head that is still text: compressed data have a tenth, programs more. */
const maxControlShare = 0.05;

/**
 * The text of a file; empty when it cannot be read or is no text. A few zeros do not make a file binary, and whatever begins with `#!`
 * is run as a script: shells and cron pass over zeros in a remark, so nobody hides commands behind one.
 */
export function readText(tree: FileTree, path: string): string {
  const bytes = tree.read(path, maxTextBytes);
  return bytes === undefined || isBinary(bytes.subarray(0, headBytes)) ? '' : bytes.toString('utf8');
}

/** Paths of settings that were longer than is read, by tree: the verdict tells them. */
const cut = new WeakMap<FileTree, Set<string>>();
/** Of so many by name. */
const maxCut = 1000;

/**
 * The text of a file whose reader takes it line by line and passes over what it does not understand, as cron, systemd, sshd and sudo do:
 * control characters around a job hide nothing from them. Empty for a program, and for what cannot be read.
 */
export function readLines(tree: FileTree, path: string): string {
  const bytes = tree.read(path, maxTextBytes);
  if (bytes === undefined || isElf(bytes)) return '';
  if (bytes.length === maxTextBytes && (tree.stat(path)?.size ?? 0) > maxTextBytes) tellCut(tree, path);
  const text = bytes.toString('utf8');
  return isBinary(bytes.subarray(0, headBytes)) ? readableLines(text) : text;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is counted
const odd = /[\u0000-\u0006\u000E-\u001A\u001C-\u001F\u007F\uFFFD]/g;
// oxlint-disable-next-line no-control-regex -- they are what falls away
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F\uFFFD]/g;
/** Of such characters in a line that is still one; a line with so many others in a row is read however many there are. */
const maxOddShare = 0.3;
const wholeRun = /[ -~]{16}/;

/**
 * Lines of data are none: they stand empty, so that the others keep their numbers. What is no character falls away: shells pass over
 * zeros, and between data it is no sign that somebody hides text.
 */
function readableLines(text: string): string {
  const kept = (line: string): string => {
    const oddCount = line.length - line.replaceAll(odd, '').length;
    return wholeRun.test(line) || oddCount <= line.length * maxOddShare ? line.replaceAll(unseen, '') : '';
  };
  return text.split('\n').map(kept).join('\n');
}

function tellCut(tree: FileTree, path: string): void {
  const paths = cut.get(tree) ?? new Set();
  if (paths.size < maxCut) paths.add(path);
  cut.set(tree, paths);
}

/** Settings of which only the first 1 MB was judged, and forgets them. */
export function takeCutTexts(tree: FileTree): readonly string[] {
  const paths = [...(cut.get(tree) ?? [])];
  cut.delete(tree);
  return paths;
}

function isBinary(head: Buffer): boolean {
  if (isElf(head)) return true;
  if (head[0] === 0x23 && head[1] === 0x21) return false;
  let count = 0;
  for (const byte of head) if (byte < 7 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) count++;
  return count > head.length * maxControlShare;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0x7f454c46;
}

/** A link of which nothing runs: masked by pointing to `/dev/null`. */
export function isMasked({ target }: TreeEntry): boolean {
  return target === '/dev/null';
}

/** Lines that are no comment and not empty, with their numbers from 1. */
export function* plainLines(text: string, comment = '#'): Generator<{ readonly line: number; readonly text: string }> {
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    const trimmed = raw.trim();
    if (trimmed !== '' && !trimmed.startsWith(comment)) yield { line, text: trimmed };
  }
}

/** Tells the line, from 1, of each position that it is asked for; positions must come in order. */
export function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let from = 0;
  return (index) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
    from = Math.max(from, index);
    return line;
  };
}
