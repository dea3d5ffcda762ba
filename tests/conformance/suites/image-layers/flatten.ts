import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import tar from 'tar-stream';
import { decompressedBytes } from './archive.ts';

/** Paths of what is no folder, each with what it is: `file HASH`, `symlink TARGET`, or its type. */
export type Flat = ReadonlyMap<string, string>;

/**
 * Layers put together in the plainest way, with another reader of tars than the product's: a map from path to content, from which
 * whiteouts take away and to which later layers add. Links in the folders of a name are not followed.
 */
export async function flatten(layers: readonly Buffer[]): Promise<Flat> {
  let flat = new Map<string, string>();
  for (const layer of layers) {
    const members = await membersOf(decompressedBytes(layer));
    const kept = new Map(flat);
    for (const { path } of members) removeHidden(kept, path);
    flat = kept;
    for (const { path, what } of members) addMember(flat, path, what);
  }
  return flat;
}

interface Member {
  readonly path: string;
  /** Undefined for a folder; for a hard link the path of its file. */
  readonly what: string | { readonly linkTo: string } | undefined;
}

function removeHidden(flat: Map<string, string>, path: string): void {
  const name = posix.basename(path);
  if (!name.startsWith('.wh.')) return;
  const folder = posix.dirname(path);
  if (name === '.wh..wh..opq') removeBelow(flat, folder);
  else {
    const hidden = posix.join(folder, name.slice('.wh.'.length));
    flat.delete(hidden);
    removeBelow(flat, hidden);
  }
}

function addMember(flat: Map<string, string>, path: string, what: Member['what']): void {
  if (posix.basename(path).startsWith('.wh.')) return;
  for (let above = posix.dirname(path); above !== '/'; above = posix.dirname(above)) flat.delete(above);
  if (what === undefined) {
    flat.delete(path);
    return;
  }
  const content = typeof what === 'string' ? what : flat.get(what.linkTo);
  if (content === undefined) return;
  removeBelow(flat, path);
  flat.set(path, content);
}

function removeBelow(flat: Map<string, string>, folder: string): void {
  const start = folder === '/' ? '/' : `${folder}/`;
  for (const path of flat.keys()) if (path.startsWith(start)) flat.delete(path);
}

async function membersOf(bytes: Buffer): Promise<Member[]> {
  const extract = tar.extract();
  extract.end(bytes);
  const members: Member[] = [];
  for await (const entry of extract) {
    const { name, type, linkname } = entry.header;
    const hash = createHash('sha256');
    for await (const chunk of entry as AsyncIterable<Buffer>) hash.update(chunk);
    members.push({ path: pathOf(name), what: whatOf(type ?? 'file', linkname ?? '', hash.digest('hex')) });
  }
  return members;
}

function whatOf(type: string, target: string, hash: string): Member['what'] {
  if (type === 'directory') return undefined;
  if (type === 'symlink') return `symlink ${target}`;
  if (type === 'link') return { linkTo: pathOf(target) };
  return type === 'file' || type === 'contiguous-file' ? `file ${hash}` : type;
}

function pathOf(name: string): string {
  return posix.join('/', name).replace(/(?<=.)\/$/, '');
}
