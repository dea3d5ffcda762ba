import { nameOf, walkTree, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { readDocuments } from '../read-input.ts';
import type { SceneParts } from '../scene-parts.ts';
import type { BuiltObject } from './built-object.ts';
import { Builder, kustomizationNames } from './overlay.ts';

/** Kustomizations in one folder that is looked at. */
const maxKustomizations = 500;

/** What Kustomize would make of a folder; its files are then not read as they stand, because patches are parts of objects. */
export class Overlays {
  readonly #objects: readonly BuiltObject[];
  readonly #named: ReadonlySet<string>;

  /** Builds every kustomization that no other one is made of; of those that are only made of one another, one. */
  constructor(tree: FileTree, folder: TreeEntry, parts: SceneParts, enter: (folder: TreeEntry) => boolean) {
    const files: string[] = [];
    for (const { type, path } of walkTree(tree, folder.path, enter)) {
      if (type !== 'file' || !kustomizationNames.includes(nameOf(path))) continue;
      if (files.push(path) === maxKustomizations) break;
    }
    const builder = new Builder(tree, (problem) => parts.problems.add(problem));
    const inner = new Set(files.flatMap((file) => builder.partsOf(file)));
    const objects: BuiltObject[] = [];
    for (const file of files) if (!inner.has(file)) objects.push(...builder.build(file));
    for (const file of files) if (!builder.named.has(file)) objects.push(...builder.build(file));
    this.#objects = objects;
    this.#named = builder.named;
  }

  /** Whether a file is a part of what was built. */
  takes(path: string): boolean {
    return this.#named.has(path);
  }

  read(parts: SceneParts): void {
    for (const { path, root } of this.#objects) readDocuments(path, [{ root }], parts);
  }
}
