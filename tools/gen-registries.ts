/** Writes each family's `registry.generated.ts` from its folder. `--check` fails on drift instead. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { families, idsFrom, registryText } from './families.ts';

const check = process.argv.includes('--check');
let drift = 0;
for (const family of families) {
  if (!existsSync(family.folder)) continue;
  const entries = readdirSync(family.folder, { withFileTypes: true });
  const names = idsFrom(
    family,
    entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })),
  );
  const text = registryText(family, names);
  const file = join(family.folder, 'registry.generated.ts');
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  drift++;
  if (check) process.stderr.write(`${file} is out of date: run npm run gen\n`);
  else writeFileSync(file, text);
}
process.exitCode = check && drift > 0 ? 1 : 0;
