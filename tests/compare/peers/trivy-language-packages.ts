import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import type { Package } from '../../../src/inspect/packages/package.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { Peer } from '../peer.ts';
import { differences, isInstalled } from '../tools.ts';
import { listWithTrivy, prepareTrivy, trivyProgram, type TrivyPackage } from '../trivy.ts';

/**
 * A Debian of today with libraries of its own for Python, Ruby and Node, and with old ones that pip, npm and go put beside them: each package
 * that Trivy judges is one that we judge, and the other way round.
 */
export const peer: Peer = {
  id: 'trivy/language-packages',
  isAvailable: () =>
    Promise.resolve(trivyProgram() !== undefined && ['mmdebstrap', 'pip', 'npm', 'go'].every(isInstalled)),
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-languages-'));
    try {
      const root = join(folder, 'root');
      makeRoot(root, folder);
      const listed = listWithTrivy(prepareTrivy(trivyProgram() ?? '', folder), root);
      if (listed === undefined) return Promise.resolve({ differences: ['Trivy could not scan it'], figures: {} });
      const theirs = texts(listed.map(asText));
      const ours = texts(catalogTree(new FolderTree(root)).packages.filter(isJudged).map(ourText));
      return Promise.resolve({ differences: differences('root', ours, theirs), figures: { packages: theirs.size } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const debian = ['python3-requests', 'ruby-sinatra', 'node-express', 'restic'];
const python = ['django==3.2.0', 'flask==1.0', 'requests==2.19.0', 'urllib3==1.23', 'Pillow==9.5.0'];
const node = { express: '4.16.0', lodash: '4.17.15', minimist: '1.2.0', axios: '0.21.0', jsonwebtoken: '8.5.0' };
const go = 'github.com/mikefarah/yq/v4@v4.25.1';

function makeRoot(root: string, folder: string): void {
  const tar = join(folder, 'root.tar');
  const quiet = { stdio: 'ignore' } as const;
  execFileSync('mmdebstrap', ['--variant=minbase', `--include=${debian.join(',')}`, 'trixie', tar], quiet);
  mkdirSync(root);
  execFileSync('tar', ['-xf', tar, '-C', root, '--exclude=./dev/*'], quiet);
  rmSync(tar);
  const libraries = join(root, 'app/python');
  const pip = ['install', '--quiet', '--no-compile', '--no-deps', '--only-binary', ':all:', '--target', libraries];
  execFileSync('pip', [...pip, ...python], quiet);
  const app = join(root, 'app/node');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'shop', version: '1.0.0', dependencies: node }));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: app, ...quiet });
  const env = { ...process.env, GOBIN: join(root, 'usr/local/bin') };
  execFileSync('go', ['install', go], { cwd: folder, env, ...quiet });
}

/** By the names of Trivy's results. What stands in lock files alone it does not look at in a root filesystem. */
const kinds: Readonly<Record<string, string>> = {
  dpkg: 'debian',
  node: 'node-pkg',
  python: 'python-pkg',
  ruby: 'gemspec',
  'go-binary': 'gobinary',
};

/** Not what Debian answers for, and of a Go program not its own module nor the toolchain, which this Trivy does not tell. */
function isJudged({ foundBy, ownedBy, name, details }: Package): boolean {
  if (!(foundBy in kinds) || ownedBy !== undefined) return false;
  const main = details?.['main'] ?? '';
  return foundBy !== 'go-binary' || (name !== 'stdlib' && !`${main}/`.startsWith(`${name}/`));
}

function ourText({ foundBy, name, version }: Package): string {
  return text(kinds[foundBy] ?? foundBy, name, version);
}

function asText({ type, name, version }: TrivyPackage): string {
  return text(type, name, version);
}

function text(type: string, name: string, version: string): string {
  const plain = type === 'python-pkg' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name;
  return `${type} ${plain} ${version.replace(/^v(?=\d)/, '')}`;
}

/** Each once: a library that stands in several places is listed for each of them, by us in one entry with all places. */
function texts(all: readonly string[]): ReadonlyMap<string, number> {
  return new Map(all.map((one) => [one, 1]));
}
