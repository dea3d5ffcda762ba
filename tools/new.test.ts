import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { families } from './families.ts';

const repository = join(import.meta.dirname, '..');
let tree: string;

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

beforeAll(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'vakthund-new-')));
  for (const name of ['package.json', 'tsconfig.json', 'vitest.config.ts', 'src', 'tools', 'tests/support']) {
    cpSync(join(repository, name), join(tree, name), { recursive: true, filter: isNoPlugin });
  }
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('npm run new', () => {
  it.each(families)('writes a plug-in of the family $id and puts it into the registry', (family) => {
    const made = run('tools/new.ts', [family.id, 'scaffold-sample']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const registry = readFileSync(join(tree, family.folder, 'registry.generated.ts'), 'utf8');
    expect(registry).toContain(family.snakeIds === true ? `'scaffold_sample'` : `'scaffold-sample'`);
    const files = made.stdout.trim().split('\n');
    expect(files.every((file) => existsSync(join(tree, file)))).toBe(true);
    expect(files.length).toBe(family.shape === 'folder' ? 3 : 2);
  });

  it('writes plug-ins that compile, and that the checker of types holds against their contract', () => {
    const compiled = run('node_modules/.bin/tsc', ['--incremental', 'false']);
    const own = /^src\/[^(]*(?:scaffold-sample|registry\.generated)[^(]*\(/;
    expect(compiled.stdout.split('\n').filter((line) => own.test(line))).toEqual([]);
  });

  it('writes tests that fail until the plug-in does something', () => {
    run('node_modules/vitest/vitest.mjs', ['run', 'scaffold-sample', '--reporter=json', '--outputFile=report.json']);
    const report = JSON.parse(readFileSync(join(tree, 'report.json'), 'utf8')) as Report;
    const failed = report.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name }) => relative(tree, name));
    const failedFamilies = families.filter(({ folder }) => failed.some((name) => name.startsWith(folder)));
    expect(failedFamilies).toEqual(families);
  });

  it('refuses a taken id, an unknown family and an id that is no folder name, and writes nothing', () => {
    expect(run('tools/new.ts', ['source', 'scaffold-sample'])).toMatchObject({ status: 2 });
    expect(run('tools/new.ts', ['nothing', 'x'])).toMatchObject({ status: 2 });
    expect(run('tools/new.ts', ['source', '../escape'])).toMatchObject({ status: 2 });
    expect(existsSync(join(tree, 'src/collect/escape'))).toBe(false);
  });
});

/**
 * The plug-ins that stand there are left out: only the contracts are needed, and a plug-in that holds a family of its own.
 * A contract may stand beside the plug-ins of its family.
 */
function isNoPlugin(path: string): boolean {
  const own = families.filter(({ shape }) => shape === 'folder');
  const folders = own.map(({ folder }) => join(repository, folder));
  const contracts = own.map(({ folder, contractFile }) => join(repository, folder, contractFile));
  if (contracts.includes(path)) return true;
  return folders
    .filter((folder) => path.startsWith(`${folder}/`))
    .every((folder) => holdsFamily(path, folder, folders));
}

function holdsFamily(path: string, folder: string, folders: readonly string[]): boolean {
  const [plugin = ''] = path.slice(folder.length + 1).split('/');
  // What a family's plug-ins share stands in folders that begin with `_`.
  return plugin.startsWith('_') || folders.some((inner) => inner.startsWith(`${folder}/${plugin}/`));
}

function run(file: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return spawnSync(process.execPath, [file, ...args], { cwd: tree, encoding: 'utf8', env });
}
