import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { familiarName } from '../reference.ts';
import { imageToLine, readLine, useToLine, type ImageUse, type IndexedImage } from './record.ts';

/** Changes when older programs could not read it. */
const schema = 'vakthund.image-index/2';

/** The images that are known, in one file of JSON lines: what they are, what is in them, who uses them. */
export class ImageIndex {
  readonly #path: string;
  readonly #images = new Map<string, IndexedImage>();
  #uses: ImageUse[] = [];
  /** Made when it is first asked for, and again when images came. */
  #byName: ReadonlyMap<string, IndexedImage> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** An index that is not there yet is empty. Throws `CONFIG` for a file that is none. */
  static open(path: string): ImageIndex {
    const index = new ImageIndex(path);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return index;
      throw new VakthundError('CONFIG', `the index of images "${path}" cannot be read: ${messageOf(error)}`);
    }
    index.#read(text);
    return index;
  }

  get images(): readonly IndexedImage[] {
    return [...this.#images.values()];
  }

  get uses(): readonly ImageUse[] {
    return this.#uses;
  }

  byId(id: string): IndexedImage | undefined {
    return this.#images.get(id);
  }

  /** Adds what was read of an image, or the names and places that it is found under besides. A name leads to one image. */
  put(image: IndexedImage): void {
    this.#byName = undefined;
    const names = new Set(image.names);
    for (const [id, other] of this.#images) {
      if (id === image.id || !other.names.some((name) => names.has(name))) continue;
      this.#images.set(id, { ...other, names: other.names.filter((name) => !names.has(name)) });
    }
    const known = this.#images.get(image.id);
    this.#images.set(image.id, {
      ...image,
      digest: image.digest ?? known?.digest,
      names: [...new Set([...(known?.names ?? []), ...image.names])],
      places: [...new Set([...(known?.places ?? []), ...image.places])],
      signature: moreTelling(image.signature, known?.signature),
    });
  }

  /** What a manifest uses now, in place of what it used. */
  putUses(path: string, uses: readonly ImageUse[]): void {
    this.#uses = [...this.#uses.filter((use) => use.path !== path), ...uses];
  }

  /** Image that a name in a manifest leads to: by id or digest, or by name in any way to write it. */
  find(reference: string): IndexedImage | undefined {
    this.#byName ??= tableOf(this.images);
    const familiar = familiarName(reference);
    return (
      this.#byName.get(reference) ??
      this.#byName.get(familiar) ??
      this.#byName.get(familiar.slice(familiar.indexOf('@') + 1))
    );
  }

  /** Writes the file anew beside the old one, and puts it in its place. */
  save(): void {
    const lines = [JSON.stringify({ schema }), ...this.images.map(imageToLine), ...this.#uses.map(useToLine)];
    try {
      writeFileSync(`${this.#path}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      throw new VakthundError('OUTPUT', `the index of images "${this.#path}" cannot be written`, { cause });
    }
  }

  #read(text: string): void {
    const [head = '', ...lines] = text.split('\n');
    if (!head.includes(schema)) {
      const isOther = head.includes('vakthund.image-index/');
      const what = isOther ? 'is an index of another version of Vakthund' : 'is no index of images';
      const options = isOther ? { hint: 'remove it, and add the images again' } : {};
      throw new VakthundError('CONFIG', `"${this.#path}" ${what}`, options);
    }
    for (const line of lines) {
      const found = line === '' ? undefined : readLine(parseOwn(line, this.#path));
      if (found === undefined) continue;
      if ('image' in found) this.#images.set(found.image.id, found.image);
      else this.#uses.push(found.use);
    }
  }
}

/** A form that keeps no signatures takes back nothing that a registry told of the same image under the same trust. */
function moreTelling(now: IndexedImage['signature'], before: IndexedImage['signature']): IndexedImage['signature'] {
  const isSilent = now === undefined || (now.state === 'unreadable' && now.trust === before?.trust);
  return isSilent ? (before ?? now) : now;
}

/** Images by name in full, by digest and by id. */
function tableOf(images: readonly IndexedImage[]): ReadonlyMap<string, IndexedImage> {
  const table = new Map<string, IndexedImage>();
  for (const image of images) {
    table.set(image.id, image);
    if (image.digest !== undefined) table.set(image.digest, image);
    for (const name of image.names) table.set(familiarName(name), image);
  }
  return table;
}

function parseOwn(line: string, path: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new VakthundError('CONFIG', `the index of images "${path}" is damaged`, {
      cause,
      hint: 'remove it, and add the images again',
    });
  }
}
