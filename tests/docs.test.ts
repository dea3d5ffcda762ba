import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsIn, linksIn, outputFault, type ShownCommand } from './docs/read-commands.ts';

const repository = join(import.meta.dirname, '..');
const pages = ['README.md', ...globSync('docs/guide/*.md', { cwd: repository }).sort()];
const linkingPages = [
  ...pages,
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('docs/{decisions,reference}/*.md', { cwd: repository }),
];
const commandTimeoutMs = 120_000;

function commandsOf(page: string): ShownCommand[] {
  return commandsIn(readFileSync(join(repository, page), 'utf8')).filter(({ text }) =>
    /^(?:\.\/vakthund|npm run)\b/.test(text),
  );
}

// A page may show nothing but what takes long or needs a system of its own.
describe.each(pages.filter((page) => commandsOf(page).length > 0))('the commands of %s', (page) => {
  const commands = commandsOf(page);
  let folder: string;
  beforeAll(() => {
    folder = makeFolder();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(commands)(
    'do what the page says: $text',
    ({ text, output, exitCode }) => {
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, COLUMNS: '100' };
      const run = spawnSync('sh', ['-c', text], { cwd: folder, encoding: 'utf8', env, timeout: commandTimeoutMs });
      const isWanted = run.status === exitCode;
      const fault = output === undefined ? undefined : outputFault(run.stdout, output);
      expect({ exitCode: run.status, talk: isWanted ? '' : run.stderr, fault }).toEqual({
        exitCode,
        talk: '',
        fault: undefined,
      });
    },
    commandTimeoutMs,
  );
});

describe.each(linkingPages)('the links of %s', (page) => {
  it('lead somewhere', () => {
    const links = linksIn(readFileSync(join(repository, page), 'utf8'));
    expect(links.filter((link) => !existsSync(join(repository, dirname(page), link)))).toEqual([]);
  });
});

/** A folder that looks like the repository and in which a case may be made: the program's own case lands here. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-docs-'));
  const apart = ['vakthund', '.git', '.vakthund'];
  for (const name of readdirSync(repository).filter((entry) => !apart.includes(entry))) {
    symlinkSync(join(repository, name), join(folder, name));
  }
  // The launcher has a test of its own; here it could install packages under the feet of the other tests.
  const main = join(repository, 'src/cli/main.ts');
  writeFileSync(
    join(folder, 'vakthund'),
    `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${main}' "$@"\n`,
  );
  chmodSync(join(folder, 'vakthund'), 0o755);
  return folder;
}
