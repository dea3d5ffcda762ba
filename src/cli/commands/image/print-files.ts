import { VakthundError } from '../../../base/errors.ts';
import { quote, type Problem } from '../../../base/problem.ts';
import { formatIso } from '../../../base/time.ts';
import type { OpenedImage } from '../../../inspect/image/image.ts';
import { walkTree, type FileTree, type TreeEntry } from '../../../inspect/tree/tree.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import { tellProblems } from './print-image.ts';

export interface FilesOptions extends ImageOptions {
  readonly layer?: string;
  readonly hidden?: boolean;
}

/** A file of the list; `hiddenBy` and `how` of one that is not seen any more. */
interface ListedFile {
  readonly entry: TreeEntry;
  readonly hiddenBy?: number;
  readonly how?: string;
}

/** Prints the files below a path, one a line, or a JSON object with all of them. */
export function printFiles(
  reference: string,
  path: string,
  options: FilesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withImage(reference, options, terminal, (image) => {
    const found = options.hidden === true ? hiddenBelow(image, path) : below(treeOf(image, options.layer), path);
    if (terminal.json) printJson(image, found, terminal);
    else for (const file of found) terminal.out(`${lineOf(file)}\n`);
    if (!terminal.json) tellProblems(image.drainProblems(), terminal);
    return 0;
  });
}

function treeOf(image: OpenedImage, layer: string | undefined): FileTree {
  if (layer === undefined) return image.tree;
  const number = Number(layer);
  if (!/^\d+$/.test(layer) || number >= image.layers.length) {
    throw new VakthundError('USAGE', `there is no layer ${quote(layer)}: the image has ${image.layers.length}`);
  }
  return image.layerTree(number);
}

function* below(tree: FileTree, path: string): Generator<ListedFile> {
  const entry = tree.stat(path) ?? tree.lstat(path);
  if (entry === undefined) throw new VakthundError('NOT_FOUND', `the image has no ${quote(path)}`);
  if (entry.type !== 'directory') yield { entry };
  else for (const inner of walkTree(tree, entry.path)) yield { entry: inner };
}

function* hiddenBelow(image: OpenedImage, path: string): Generator<ListedFile> {
  const folder = path.endsWith('/') ? path : `${path}/`;
  for (const { entry, hiddenBy, how } of image.hiddenFiles()) {
    if (entry.path === path || entry.path.startsWith(folder)) yield { entry, hiddenBy, how };
  }
}

const typeLetters: Readonly<Record<TreeEntry['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  character: 'c',
  block: 'b',
  fifo: 'p',
  socket: 's',
};

/** Layer, type and permissions as `ls` has them in octal, owner, size, path. */
function lineOf({ entry, hiddenBy, how }: ListedFile): string {
  const mode = `${typeLetters[entry.type]}${entry.mode.toString(8).padStart(4, '0')}`;
  const owner = `${entry.uid}:${entry.gid}`;
  const layer = hiddenBy === undefined ? layerText(entry) : `${layerText(entry)} ${how} by ${hiddenBy}`;
  const target = entry.target === undefined ? '' : ` -> ${visibleText(entry.target)}`;
  return `${layer.padStart(3)}  ${mode}  ${owner.padEnd(9)} ${String(entry.size).padStart(10)}  ${visibleText(entry.path)}${target}`;
}

function layerText({ layer }: TreeEntry): string {
  return layer === undefined ? '-' : String(layer);
}

/** Written in pieces: an image may hold a million files. */
function printJson(image: OpenedImage, found: Iterable<ListedFile>, terminal: Terminal): void {
  terminal.out(`{\n "reference": ${visibleJson(JSON.stringify(image.reference))},\n "files": [`);
  let separator = '\n';
  for (const { entry, hiddenBy, how } of found) {
    const { path, type, size, mode, uid, gid, mtime, layer, target } = entry;
    const file = {
      path,
      type,
      size,
      mode: mode.toString(8).padStart(4, '0'),
      uid,
      gid,
      mtime: formatIso(mtime),
      layer: layer ?? null,
      ...(target === undefined ? {} : { target }),
      ...(hiddenBy === undefined ? {} : { hidden_by: hiddenBy, how }),
    };
    terminal.out(`${separator}  ${visibleJson(JSON.stringify(file))}`);
    separator = ',\n';
  }
  const problems = image.drainProblems().map(problemJson);
  terminal.out(`\n ],\n "problems": ${visibleJson(JSON.stringify(problems))}\n}\n`);
}

function problemJson({ code, at, message }: Problem): object {
  return { code, at: at.path ?? '', message };
}
