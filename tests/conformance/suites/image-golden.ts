import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import type { MemoryBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { assess } from '../../../src/inspect/packages/matching/assess.ts';
import type { Vulnerability } from '../../../src/inspect/packages/matching/vulnerabilities.ts';
import { readSbom } from '../../../src/inspect/packages/sbom/read-sbom.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { readTrivyDatabase } from './image-vulnerability-cases/trivy-db.ts';
import { unpackXz } from './image-vulnerability-cases/unpack.ts';

/**
 * Trivy's own integration tests: repositories, bills of materials and its database in, the vulnerabilities of the golden report out. Reports on images that
 * are not in the corpus, of clusters, and of other kinds (misconfigurations, secrets, licences), are skipped.
 */
const archive = 'image/golden/trivy-integration-testdata.tar.xz';

interface Report {
  readonly ArtifactName?: string;
  readonly Results?: readonly {
    readonly Class?: string;
    readonly Type?: string;
    readonly Vulnerabilities?: readonly {
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly InstalledVersion: string;
      readonly FixedVersion?: string;
    }[];
  }[];
}

export const suite: Suite = {
  id: 'image/golden',
  run(corpus) {
    const path = join(corpus, archive);
    const nothing = { total: 0, passed: 0, skipped: 0, failed: [] };
    if (!existsSync(path)) return Promise.resolve(nothing);
    const temporary = mkdtempSync(join(tmpdir(), 'vakthund-golden-'));
    try {
      const root = unpackXz(path, temporary);
      return Promise.resolve(root === undefined ? nothing : judgeAll(root));
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
};

function judgeAll(root: string): Awaited<ReturnType<Suite['run']>> {
  const book = readTrivyDatabase(join(root, 'fixtures/db'));
  const failed: SuiteFailure[] = [];
  const files = globSync('*.golden', { cwd: root }).sort();
  let [skipped, rows] = [0, 0];
  for (const file of files) {
    const report = readReport(join(root, file));
    const input = report === undefined ? undefined : inputOf(root, report);
    if (report === undefined || input === undefined) {
      skipped++;
      continue;
    }
    const want = rowsOf(report);
    rows += want.length;
    const name = file.slice(0, -'.json.golden'.length);
    const wrong = difference(want, vulnerabilitiesOf(input, name, book), isVariant(name, files));
    if (wrong !== undefined) failed.push({ case: file, ...wrong });
  }
  return {
    total: files.length,
    passed: files.length - skipped - failed.length,
    skipped,
    failed,
    figures: { 'vulnerabilities in the reports': rows },
  };
}

function readReport(path: string): Report | undefined {
  const text = readFileSync(path, 'utf8');
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  return typeof value === 'object' && value !== null && 'Results' in value ? (value as Report) : undefined;
}

/** The repository or bill of materials that a report is about, when it is here and the report is about packages. */
function inputOf(root: string, { ArtifactName = '', Results = [] }: Report): string | undefined {
  const isOfPackages =
    Results.length > 0 &&
    Results.every(({ Class, Type }) => (Class === 'lang-pkgs' || Class === 'os-pkgs') && Type !== 'kubernetes');
  const path = join(root, ArtifactName.replace(/^(?:\.\/)?testdata\//, ''));
  const isHere = existsSync(path) && (statSync(path).isDirectory() || path.endsWith('.json'));
  return isOfPackages && ArtifactName.includes('testdata/') && isHere ? path : undefined;
}

/** `gomod-skip` beside `gomod`: the same input with options that leave something out. */
function isVariant(name: string, files: readonly string[]): boolean {
  return files.some((file) => name.startsWith(`${file.slice(0, -'.json.golden'.length)}-`));
}

function rowsOf({ Results = [] }: Report): string[][] {
  return Results.flatMap(({ Vulnerabilities = [] }) =>
    Vulnerabilities.map(({ VulnerabilityID, PkgName, InstalledVersion, FixedVersion = '' }) => [
      VulnerabilityID,
      PkgName,
      InstalledVersion,
      FixedVersion,
    ]),
  );
}

function vulnerabilitiesOf(input: string, name: string, book: MemoryBook): readonly Vulnerability[] {
  const { packages, distribution } = statSync(input).isDirectory()
    ? catalogTree(new FolderTree(input))
    : readSbom(readFileSync(input, 'utf8')).sbom;
  const withDevelopment = name.endsWith('-with-dev');
  const options = { today: '2026-11-26', vex: [], ignores: [], withDevelopment };
  return assess({ name: input, packages, distribution }, book, options).vulnerabilities;
}

/** Each row must be found with one of its fixed versions, and nothing else, unless options left something out. */
function difference(
  want: readonly (readonly string[])[],
  found: readonly Vulnerability[],
  isPart: boolean,
): { got: string; want: string } | undefined {
  const rest = found.map(({ id, package: { name, version }, fixed }) => [id, name, version, fixed ?? '']);
  for (const [id, name, version, fixed = ''] of want) {
    const at = rest.findIndex((row) => row[0] === id && row[1] === name && row[2] === version && isFix(row[3], fixed));
    if (at < 0) return { got: rest.map((row) => row.join(' ')).join(', '), want: [id, name, version, fixed].join(' ') };
    rest.splice(at, 1);
  }
  return rest.length === 0 || isPart
    ? undefined
    : { got: rest.map((row) => row.join(' ')).join(', '), want: 'no more' };
}

function isFix(got: string | undefined, want: string): boolean {
  return want === got || want.split(', ').includes(got ?? '');
}
