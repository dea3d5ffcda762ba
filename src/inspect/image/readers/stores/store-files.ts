import { existsSync, readFileSync, statSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { FolderTree } from '../../../tree/folder-tree.ts';
import type { LayerSource } from '../../image-source.ts';
import { parseJson, type Json } from '../../json.ts';
import { overlayTar } from './overlay-tar.ts';
import { changedFiles, reassemble } from './tar-split.ts';

/** Lists of all images of a machine are larger than a manifest. */
const maxBytes = 2 ** 27;

/** A file of an engine's store. Throws `EVIDENCE_READ`. */
export function readStoreFile(path: string): Buffer {
  try {
    if (statSync(path).size > maxBytes) throw new VakthundError('EVIDENCE_LIMIT', `"${path}" is too large`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof VakthundError) throw cause;
    throw new VakthundError('EVIDENCE_READ', `"${path}" cannot be read: ${messageOf(cause)}`, { cause });
  }
}

export function readStoreJson(path: string): Json {
  return parseJson(readStoreFile(path), `file "${path}"`);
}

/** A name out of a store's file that becomes a part of a path: letters and digits, never a way out. Throws `EVIDENCE_READ`. */
export function safeId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,255}$/.test(text)) return text;
  throw new VakthundError('EVIDENCE_READ', `the store names ${JSON.stringify(text.slice(0, 80))}, which is no id`);
}

/** A layer that stands unpacked in a folder, with the list of its tar beside it. */
export function unpackedLayer(folder: string, splitPath: string): LayerSource {
  for (const path of [folder, splitPath]) {
    if (!existsSync(path)) throw new VakthundError('EVIDENCE_READ', `a layer lacks "${path}"`);
  }
  const tree = new FolderTree(folder, 'folder');
  return {
    mediaType: '',
    open: (tell) => reassemble(splitPath, tree, ({ name, what }) => tell(sentenceOf(name, what))),
    isForeign: false,
    async *changes() {
      for await (const { name, what } of changedFiles(splitPath, tree)) yield sentenceOf(name, what);
    },
  };
}

function sentenceOf(name: string, what: string): string {
  return `${quote(name)} ${what}: it was changed in the store since the image came`;
}

/** What stands in the upper folder of an overlay mount: what a container has written over its image, or a layer as it was unpacked. */
export function writtenLayer(folder: string, problems: Problem[]): LayerSource {
  if (!existsSync(folder)) {
    throw new VakthundError('EVIDENCE_READ', `the folder "${folder}" is not there`);
  }
  return {
    mediaType: '',
    open: () => overlayTar(folder, (problem) => problems.push(problem)),
    isForeign: false,
    isRemade: true,
  };
}
