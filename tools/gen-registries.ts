/** Writes each family's `registry.generated.ts` from its folder. `--check` fails on drift instead. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { families, idsFrom, registryText, type Family } from './families.ts';

const check = process.argv.includes('--check');
let faults = 0;
for (const family of families) {
  if (!existsSync(family.folder)) continue;
  const text = registryText(family, readNames(family));
  const file = join(family.folder, 'registry.generated.ts');
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) complain(`${file} is out of date: run npm run gen`);
  else writeFileSync(file, text);
}
process.exitCode = faults > 0 ? 1 : 0;

/** A folder that is empty (left behind by a removal) is no plug-in; one with files and no `index.ts` is a mistake. */
function readNames(family: Family): string[] {
  const entries = readdirSync(family.folder, { withFileTypes: true });
  const names = idsFrom(
    family,
    entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })),
  );
  if (family.shape === 'file') return names;
  return names.filter((name) => {
    const folder = join(family.folder, name);
    if (existsSync(join(folder, 'index.ts'))) return true;
    if (readdirSync(folder).length > 0) complain(`${folder} has no index.ts`);
    return false;
  });
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  faults++;
}
