/** Reads the generated registries of all families, as far as they exist. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { families } from '../families.ts';
import { repositoryRoot } from '../run-arguments.ts';

/** What every definition has, and what some have besides. */
export interface Definition {
  readonly id: string;
  readonly title?: string;
  readonly summary?: string;
  readonly description?: string;
  /** Points of the guides that it serves. */
  readonly guide?: readonly string[];
}

/** Plug-ins of a family in the order of its registry; none when the family has no folder yet. */
export async function pluginsOf<T extends Definition = Definition>(familyId: string): Promise<T[]> {
  const family = families.find(({ id }) => id === familyId);
  if (family === undefined) return [];
  const module = await importIfPresent(join(family.folder, 'registry.generated.ts'));
  return Object.values((module[family.constName] ?? {}) as Record<string, T>);
}

/** A module of the repository; an empty one when the file is not there. */
export async function importIfPresent(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = join(repositoryRoot, path);
  return existsSync(file) ? ((await import(pathToFileURL(file).href)) as Record<string, unknown>) : {};
}
