/**
 * `npm run new -- FAMILY ID`: writes a plug-in that compiles, its test that fails until the plug-in does something, and
 * its readme, from `tools/templates/FAMILY/`; then runs `npm run gen`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { families, idOf } from './families.ts';
import { repositoryRoot } from './run-arguments.ts';

const [familyId = '', name = ''] = process.argv.slice(2);
const family = families.find(({ id }) => id === familyId);
if (family === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  process.stderr.write('Usage: npm run new -- FAMILY ID\n');
  process.stderr.write(`FAMILY is one of ${families.map(({ id }) => id).join(', ')}; ID is kebab-case.\n`);
  process.exit(2);
}
const templates = join(import.meta.dirname, 'templates', family.id);
const files = globSync('*.txt', { cwd: templates }).sort();
const target = family.shape === 'folder' ? join(family.folder, name) : family.folder;
const written = files.map((file) => join(target, file.slice(0, -'.txt'.length).replace('__NAME__', name)));
if (files.length === 0) fail(`there is no template for ${family.id}: add ${templates}`);
const taken = written.find((file) => existsSync(join(repositoryRoot, file)));
if (taken !== undefined) fail(`${taken} is there already`);

for (const [index, file] of files.entries()) {
  const place = join(repositoryRoot, written[index] ?? '');
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, filled(readFileSync(join(templates, file), 'utf8'), idOf(family, name)));
}
process.stdout.write(`${written.join('\n')}\n`);
for (const step of ['gen-registries.ts', 'gen-reference.ts']) {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, step)], { cwd: repositoryRoot, stdio: 'inherit' });
  if (run.status !== 0) process.exitCode = 1;
}

function filled(template: string, id: string): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
  return template.replaceAll('__ID__', id).replaceAll('__NAME__', name).replaceAll('__TITLE__', title);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
