/**
 * Writes `docs/reference/` and `schema/` from the definitions in the code, and removes pages of what is gone.
 * `--check` fails on drift instead. Runs after `gen-registries.ts`, whose files it imports.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandPages } from './reference/commands.ts';
import { coveragePage } from './reference/coverage.ts';
import { eventPages } from './reference/events.ts';
import { inventoryPage } from './reference/inventory.ts';
import { listPages } from './reference/lists.ts';
import { peerChecksPage } from './reference/peer-checks/page.ts';
import { pluginPages } from './reference/plugins.ts';
import { reportSchemaFiles } from './reference/report-schema.ts';
import { repositoryRoot } from './run-arguments.ts';

const check = process.argv.includes('--check');
const files = [
  ...(await eventPages()),
  ...(await pluginPages()),
  ...listPages(),
  ...(await commandPages()),
  await coveragePage(),
  inventoryPage(),
  peerChecksPage(),
  ...(await reportSchemaFiles()),
];

const wanted = new Set(files.map(({ path }) => path));
const standing = globSync(['docs/reference/**/*.*', 'schema/**/*.json'], { cwd: repositoryRoot });
const stale = standing.filter((path) => !wanted.has(path));
const changed = files.filter(({ path, text }) => {
  const file = join(repositoryRoot, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

if (check) {
  for (const { path } of changed) process.stderr.write(`${path} is out of date: run npm run gen\n`);
  for (const path of stale) process.stderr.write(`${path} describes what is gone: run npm run gen\n`);
  process.exitCode = changed.length + stale.length > 0 ? 1 : 0;
} else {
  for (const path of stale) rmSync(join(repositoryRoot, path));
  for (const { path, text } of changed) {
    mkdirSync(dirname(join(repositoryRoot, path)), { recursive: true });
    writeFileSync(join(repositoryRoot, path), text);
  }
}
