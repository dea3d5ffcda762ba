import { execFile } from 'node:child_process';
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
/** A page may wait for all of its own commands, and the page before it. */
const pageTimeoutMs = 1_200_000;
/** Compiled code is kept from command to command, as the launcher has it. */
const compiled = mkdtempSync(join(tmpdir(), 'vakthund-compiled-'));

function commandsOf(page: string): ShownCommand[] {
  return commandsIn(readFileSync(join(repository, page), 'utf8')).filter(({ text }) =>
    /^(?:\.\/vakthund|npm run)\b/.test(text),
  );
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(text: string, folder: string): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, COLUMNS: '100', NODE_COMPILE_CACHE: compiled };
  const options = { cwd: folder, encoding: 'utf8', env, timeout: commandTimeoutMs, maxBuffer: 2 ** 28 } as const;
  return new Promise((done) => {
    const child = execFile('sh', ['-c', text], options, (_error, stdout, stderr) =>
      done({ status: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** What the commands of a page did, one after another in a folder of its own. */
class PageRun {
  readonly folder = makeFolder();
  readonly outcomes: readonly Promise<Ran>[];

  constructor(commands: readonly ShownCommand[]) {
    let before: Promise<unknown> = Promise.resolve();
    this.outcomes = commands.map(({ text }) => {
      const ran = before.then(() => run(text, this.folder));
      before = ran;
      return ran;
    });
  }
}

const runs = new Map<string, PageRun>();

function begin(page: string | undefined): PageRun | undefined {
  if (page === undefined) return undefined;
  const known = runs.get(page) ?? new PageRun(commandsOf(page));
  runs.set(page, known);
  return known;
}

// A page may show nothing but what takes long or needs a system of its own. While the commands of one run, those of the next do too.
const runningPages = pages.filter((page) => commandsOf(page).length > 0);
describe.each(runningPages)('the commands of %s', (page) => {
  const commands = commandsOf(page).map((command, place) => ({ ...command, place }));
  beforeAll(() => {
    begin(page);
    begin(runningPages[runningPages.indexOf(page) + 1]);
  });
  afterAll(async () => {
    const done = begin(page);
    if (done === undefined) return;
    await Promise.all(done.outcomes);
    rmSync(done.folder, { recursive: true, force: true });
  });

  it.each(commands)(
    'do what the page says: $text',
    async ({ place, output, exitCode }) => {
      const ran = await begin(page)?.outcomes[place];
      const isWanted = ran?.status === exitCode;
      const fault = output === undefined ? undefined : outputFault(ran?.stdout ?? '', output);
      expect({ exitCode: ran?.status, talk: isWanted ? '' : ran?.stderr, fault }).toEqual({
        exitCode,
        talk: '',
        fault: undefined,
      });
    },
    pageTimeoutMs,
  );
});

afterAll(async () => {
  // With a filter the page behind the last one ran for nothing.
  for (const { folder, outcomes } of runs.values()) {
    await Promise.all(outcomes);
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(compiled, { recursive: true, force: true });
}, pageTimeoutMs);

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
