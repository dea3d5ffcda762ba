import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** All that the launcher may count on being there, besides npm and node. */
const tools = ['sh', 'readlink', 'mkdir', 'ln', 'rm', 'cat', 'sleep', 'touch'];

const fakeNode = (version: string, mark: string): string => `#!/bin/sh
if [ "$1" = --version ]; then echo ${version}; exit; fi
echo "${mark}"; for argument in "$@"; do echo "<$argument>"; done
`;
/** Counts its calls, and installs what the real one would leave behind. */
const fakeNpm = `#!/bin/sh
echo "$*" >> "$HOME/npm-calls"
if [ -e "$HOME/npm-fails" ]; then echo 'npm error: no network'; exit 1; fi
echo 'added 12 packages'
sleep 0.3
rm -rf node_modules; mkdir -p node_modules/.bin node_modules/@duckdb/node-bindings-linux-x64
mkdir node_modules/@duckdb/node-bindings-linux-x64-musl
cp "$HOME/node24" node_modules/.bin/node
touch node_modules/.package-lock.json
`;

let root: string;
let tree: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-launcher-'));
  tree = join(root, 'the tree');
  for (const folder of [tree, join(root, 'path'), join(root, 'elsewhere')]) mkdirSync(folder);
  copyFileSync(join(import.meta.dirname, '../vakthund'), join(tree, 'vakthund'));
  writeFileSync(join(tree, 'package-lock.json'), '{}');
  for (const tool of [...tools, 'cp']) symlinkSync(whereIs(tool), join(root, 'path', tool));
  program('path/npm', fakeNpm);
  program('path/node', fakeNode('v20.20.2', 'old node'));
  program('node24', fakeNode('v24.21.0', 'own node'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the launcher', () => {
  it('installs once, says so in one line, and hands over every argument as it is', async () => {
    const first = await launch(['investigate', 'a file', '', '--json']);
    const second = await launch(['--help']);

    expect(first.code).toBe(0);
    expect(first.stdout.split('\n').slice(-5)).toEqual(['<investigate>', '<a file>', '<>', '<--json>', '']);
    expect(first.stdout).toContain(`own node\n<--disable-warning=ExperimentalWarning>\n<${tree}/src/cli/main.ts>`);
    expect(first.stderr).toBe(
      'vakthund: installing its packages once; this takes the network and about half a minute\n',
    );
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(npmCalls()).toEqual(['ci --omit=dev --no-audit --no-fund']);
  });

  it('prefers a recent Node of the system', async () => {
    program('path/node', fakeNode('v26.1.0', 'system node'));
    expect((await launch([])).stdout).toContain('system node');
  });

  it('installs again when the lock file is newer than what is installed, and keeps development tools', async () => {
    await launch([]);
    mkdirSync(join(tree, 'node_modules/vitest'));
    utimesSync(join(tree, 'node_modules/.package-lock.json'), 1e9, 1e9);
    await launch([]);
    expect(npmCalls()).toEqual(['ci --omit=dev --no-audit --no-fund', 'ci --include=dev --no-audit --no-fund']);
  });

  it('drops what an old npm brought for another C library, and nothing where the library is not known', async () => {
    const bindings = join(tree, 'node_modules/@duckdb');
    await launch([]);
    expect(readdirSync(bindings)).toHaveLength(2);
    rmSync(join(tree, 'node_modules'), { recursive: true });
    program('path/getconf', "#!/bin/sh\necho 'glibc 2.41'\n");
    await launch([]);
    expect(readdirSync(bindings)).toEqual(['node-bindings-linux-x64']);
  });

  it('finds its folder through links to links', async () => {
    symlinkSync('../the tree/vakthund', join(root, 'elsewhere', 'first'));
    symlinkSync(join(root, 'elsewhere', 'first'), join(root, 'path', 'vh'));
    expect((await launch([], 'vh')).stdout).toContain(`<${tree}/src/cli/main.ts>`);
    expect((await launch(['vakthund'], '/bin/sh', tree)).stdout).toContain(`<${tree}/src/cli/main.ts>`);
  });

  it('lets one start install while the others wait', async () => {
    const all = await Promise.all([launch([]), launch([]), launch([])]);
    expect(all.map((one) => one.code)).toEqual([0, 0, 0]);
    expect(all.every((one) => one.stdout.includes('own node'))).toBe(true);
    expect(npmCalls()).toHaveLength(1);
  });

  it('takes over the lock of a start that was killed', async () => {
    mkdirSync(join(tree, '.cache'));
    const gone = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
    symlinkSync(gone, join(tree, '.cache/install.lock'));
    expect((await launch([])).code).toBe(0);
    expect(existsSync(join(tree, '.cache/install.lock'))).toBe(false);
  });

  it('shows what npm said when it fails, ends with 2, and tries again at the next start', async () => {
    writeFileSync(join(root, 'npm-fails'), '');
    const failed = await launch([]);
    rmSync(join(root, 'npm-fails'));

    expect(failed.code).toBe(2);
    expect(failed.stdout).toBe('');
    expect(failed.stderr).toContain('npm error: no network');
    expect((await launch([])).code).toBe(0);
  });

  it('says what is missing where there is neither npm nor a recent Node', async () => {
    rmSync(join(root, 'path/npm'));
    const withoutNpm = await launch([]);
    program('path/npm', '#!/bin/sh\nmkdir -p node_modules; touch node_modules/.package-lock.json\n');
    const withoutNode = await launch([]);

    expect(withoutNpm.code).toBe(2);
    expect(withoutNpm.stderr).toContain('there is no npm');
    expect(withoutNode.code).toBe(2);
    expect(withoutNode.stderr).toContain('needs Node.js 24 or newer');
  });
});

function program(name: string, text: string): void {
  const file = join(root, name);
  rmSync(file, { force: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function whereIs(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
}

function npmCalls(): string[] {
  return readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n');
}

function launch(
  args: readonly string[],
  command = join(tree, 'vakthund'),
  cwd = root,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: join(root, 'path'), HOME: root };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', '"$0" "$@"', command, ...args], { env, cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}
