import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWarnings, parseWarningList, type Warnings } from './warning-list.ts';

/** Folder of the warning lists that come with the program. */
export const shippedWarningFolder = fileURLToPath(new URL('../../../content/lists/', import.meta.url));

/** Warning lists of a folder (`NAME.txt`), without those named in `without`. A file that is none is passed over. */
export function readWarnings(folder: string = shippedWarningFolder, without: readonly string[] = []): Warnings {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.slice(0, -'.txt'.length))
    .filter((name) => !without.includes(name))
    .sort();
  return createWarnings(
    names.flatMap((name) => parseWarningList(name, readFileSync(join(folder, `${name}.txt`), 'utf8')) ?? []),
  );
}
