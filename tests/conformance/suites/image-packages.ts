import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openImage } from '../../../src/inspect/image/open-image.ts';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import type { Package } from '../../../src/inspect/packages/package.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { comparePackages, type PeerReport, type PeerResult } from './image-trees/peer.ts';
import { withUnpacked } from './image-trees/unpack.ts';

/** Package lists of real peers, and of `rpm -qa`, against ours: images, trees with databases and lock files, single databases. */
export const suite: Suite = {
  id: 'image/packages',
  async run(corpus): Promise<SuiteResult> {
    const tally = new Tally();
    await compareImages(join(corpus, 'image', 'images'), tally);
    await compareTrees(join(corpus, 'image', 'pkgdb'), tally);
    await compareDatabases(join(corpus, 'image', 'pkgdb'), tally);
    await compareGoldens(join(corpus, 'image', 'golden'), tally);
    return tally.result();
  },
};

class Tally {
  readonly #failed: SuiteFailure[] = [];
  #total = 0;
  #skipped = 0;
  #packages = 0;
  #extra = 0;

  compare(name: string, result: PeerResult, ours: readonly Package[]): void {
    this.#total++;
    const compared = comparePackages(result, ours);
    if (compared === undefined) {
      this.#skipped++;
      return;
    }
    this.#packages += result.packages.length;
    this.#extra += compared.extra;
    if (compared.fault !== undefined) this.#failed.push({ case: name, ...compared.fault });
  }

  result(): SuiteResult {
    const passed = this.#total - this.#skipped - this.#failed.length;
    const figures = { packages: this.#packages, 'archives that only we identify': this.#extra };
    return { total: this.#total, passed, skipped: this.#skipped, failed: this.#failed, figures };
  }
}

function readReport(file: string): PeerReport {
  return JSON.parse(readFileSync(file, 'utf8')) as PeerReport;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** `expected/NAME.trivy.json` belongs to the image `NAME.*`. */
async function compareImages(folder: string, tally: Tally): Promise<void> {
  for (const expected of namesIn(join(folder, 'expected')).filter((name) => name.endsWith('.trivy.json'))) {
    const stem = expected.slice(0, -'trivy.json'.length);
    const file = namesIn(folder).find((name) => name.startsWith(stem));
    if (file === undefined) continue;
    const ours = await packagesOfImage(join(folder, file));
    for (const result of readReport(join(folder, 'expected', expected)).results) {
      if (result.packages.length > 0) tally.compare(`${file} ${result.type}`, result, ours);
    }
  }
}

async function packagesOfImage(file: string): Promise<readonly Package[]> {
  if (file.includes('.rootfs')) {
    return withUnpacked([file], (folder) => catalogTree(new FolderTree(folder, 'folder')).packages);
  }
  const image = await openImage(file);
  try {
    return catalogTree(image.tree).packages;
  } finally {
    image.close();
  }
}

/** `expected/trees-*.json` were made over all archives of the folder together. */
async function compareTrees(folder: string, tally: Tally): Promise<void> {
  const reports = namesIn(join(folder, 'expected')).filter((name) => /^trees-.*\.json$/.test(name));
  const archives = namesIn(folder).filter((name) => name.includes('.tar.'));
  if (reports.length === 0) return;
  await withUnpacked(
    archives.map((name) => join(folder, name)),
    (root) => {
      const all = catalogTree(new FolderTree(root, 'folder')).packages;
      for (const report of reports) {
        const { results } = readReport(join(folder, 'expected', report));
        // Archives of which the peer names nothing were not before it.
        const tops = new Set(results.flatMap((result) => pathsOf(result).map((path) => path.split('/')[0] ?? '')));
        const ours = all.filter(({ locations }) => tops.has(locations[0]?.split('/')[1] ?? ''));
        for (const result of results) tally.compare(`${report} ${result.target}`, result, ours);
      }
    },
  );
}

function pathsOf({ target, packages }: PeerResult): string[] {
  const inside = packages.map((text) => text.split('|path=')[1]).filter((path) => path !== undefined);
  return inside.length > 0 ? inside : [target];
}

/** Where a database belongs, by how it begins; a program anywhere. */
function placeOf(bytes: Buffer, name: string): string {
  const head = bytes.toString('latin1', 0, 4096);
  if (head.startsWith('SQLite format 3')) return 'var/lib/rpm/rpmdb.sqlite';
  if (head.startsWith('RpmP')) return 'var/lib/rpm/Packages.db';
  const magic = head.length < 16 ? [] : [bytes.readUInt32LE(12), bytes.readUInt32BE(12)];
  if (magic.includes(0x06_15_61)) return 'var/lib/rpm/Packages';
  if (/^Package: /m.test(head)) return 'var/lib/dpkg/status';
  return /^C:Q1/m.test(head) ? 'lib/apk/db/installed' : `usr/bin/${name}`;
}

/** `expected/NAME.json` and `NAME.rpm-qa.tsv` belong to the database or program `NAME.*`, which may be packed with xz. */
async function compareDatabases(folder: string, tally: Tally): Promise<void> {
  const expected = namesIn(join(folder, 'expected')).filter((name) => !name.startsWith('trees-'));
  for (const file of namesIn(folder).filter((name) => !name.includes('.tar.'))) {
    const mine = expected.filter((name) => file.startsWith(`${name.replace(/\.(?:json|rpm-qa\.tsv)$/, '')}.`));
    if (mine.length === 0) continue;
    await withUnpacked([], (root) => {
      place(join(folder, file), file.replace(/\.xz$/, ''), root);
      const ours = catalogTree(new FolderTree(root, 'folder')).packages;
      for (const name of mine) {
        const results = name.endsWith('.tsv')
          ? [rpmQaResult(join(folder, 'expected', name))]
          : readReport(join(folder, 'expected', name)).results;
        for (const result of results) tally.compare(`${name} ${result.type}`, result, ours);
      }
    });
  }
}

function place(file: string, name: string, root: string): void {
  const bytes = file.endsWith('.xz') ? execFileSync('xz', ['-dc', file], { maxBuffer: 2 ** 30 }) : readFileSync(file);
  const target = join(root, placeOf(bytes, name));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  chmodSync(target, 0o755);
}

/** Lines of name, epoch, version, release, architecture, source rpm. */
function rpmQaResult(file: string): PeerResult {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const packages = lines.map((line) => {
    const [name, , version, release, , sourceRpm = ''] = line.split('\t');
    const source = /^(?<name>.+)-(?<version>[^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm)?.groups;
    const head = `${name}@${version}-${release}`;
    return source === undefined ? head : `${head}|src=${source['name']}@${source['version']}`;
  });
  return { target: file, cls: 'os-pkgs', type: 'rpm -qa', packages };
}

interface GoldenPackage {
  readonly Name: string;
  readonly Version?: string;
}
interface GoldenReport {
  readonly ArtifactName?: string;
  readonly Results?: readonly {
    readonly Target: string;
    readonly Class: string;
    readonly Type: string;
    readonly Packages?: readonly GoldenPackage[];
  }[];
}

/** Golden reports of the peer over its own repositories: `testdata/fixtures/repo/X` is `fixtures/repo/X` in the archive. */
async function compareGoldens(folder: string, tally: Tally): Promise<void> {
  const archives = namesIn(folder).filter((name) => name.includes('.tar.'));
  await withUnpacked(
    archives.map((name) => join(folder, name)),
    (root) => {
      const trees = new Map<string, readonly Package[]>();
      for (const name of namesIn(root).filter((one) => one.endsWith('.json.golden'))) {
        const golden = JSON.parse(readFileSync(join(root, name), 'utf8')) as GoldenReport;
        const path = golden.ArtifactName?.replace(/^testdata\//, '') ?? '';
        if (!path.startsWith('fixtures/repo/') || !existsSync(join(root, path))) continue;
        const ours = trees.get(path) ?? catalogTree(new FolderTree(join(root, path), 'folder')).packages;
        trees.set(path, ours);
        for (const { Target, Class, Type, Packages = [] } of golden.Results ?? []) {
          if (Class !== 'lang-pkgs' || Packages.length === 0) continue;
          const packages = Packages.map((one) => `${one.Name}@${one.Version ?? ''}`);
          tally.compare(`${name} ${Target}`, { target: Target, cls: Class, type: Type, packages }, ours);
        }
      }
    },
  );
}
