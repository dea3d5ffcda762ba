import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import type { MemoryBook } from '../../../src/inspect/packages/advisories/memory-book.ts';
import { assess } from '../../../src/inspect/packages/matching/assess.ts';
import { parseReport } from '../../../src/inspect/packages/compare/read-report.ts';
import type { Vulnerability } from '../../../src/inspect/packages/matching/vulnerabilities.ts';
import { readSbom } from '../../../src/inspect/packages/sbom/read-sbom.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { judgeBill, judgeWholeBill } from './image-goldens/bills.ts';
import { judgeConfigurations } from './image-goldens/configurations.ts';
import type { GoldenFault, GoldenReport } from './image-goldens/golden.ts';
import { judgeListed } from './image-goldens/listed-packages.ts';
import { judgeLicenses, judgeForm, judgeSecrets } from './image-goldens/other-reports.ts';
import { readTrivyDatabase, type TrivyDatabase } from './image-vulnerability-cases/trivy-db.ts';
import { unpackXz } from './image-vulnerability-cases/unpack.ts';

/**
 * Trivy's own integration tests: repositories, bills of materials and its database in; the vulnerabilities, misconfigurations and package URLs of the
 * golden report out. Of images that are not in the corpus the packages that their report names are judged. Skipped, and why: Terraform (6: no
 * container is in it); output of plug-ins (2) and policies in Rego (1) that are Trivy's own; HTML and JUnit (2), for people and for runners of
 * tests; secrets in Security Hub's form (1), as no secret is compared; a packed chart that is not in the archive (1); a cluster's own
 * parts (1), of which there is no advice but Trivy's; images that are not in the archive and of which the report names no package (2), or
 * not the release whose advice it used (1).
 */
const archive = 'image/golden/trivy-integration-testdata.tar.xz';

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
  const database = readTrivyDatabase(join(root, 'fixtures/db'));
  const failed: SuiteFailure[] = [];
  const files = globSync('*.golden', { cwd: root }).sort();
  let [skipped, rows] = [0, 0];
  for (const file of files) {
    const name = file.slice(0, -'.json.golden'.length);
    const text = readFileSync(join(root, file), 'utf8');
    const verdict = file.endsWith('.json.golden')
      ? judgeOne(root, { name, text, files }, database)
      : judgeOtherForm(root, file, text);
    if (verdict === 'skipped') skipped++;
    else if (verdict !== undefined) failed.push({ case: file, ...verdict });
    if (verdict !== 'skipped') rows += rowsOf(readReport(text) ?? {}).length;
  }
  return {
    total: files.length,
    passed: files.length - skipped - failed.length,
    skipped,
    failed,
    figures: { 'vulnerabilities in the reports': rows },
  };
}

interface Golden {
  readonly name: string;
  readonly text: string;
  readonly files: readonly string[];
}

function judgeOne(
  root: string,
  { name, text, files }: Golden,
  database: TrivyDatabase,
): GoldenFault | 'skipped' | undefined {
  if (/^\s*\{[^]{0,2000}"(?:bomFormat|spdxVersion)"/.test(text)) {
    return judgeBill(root, text) === 'skipped' ? judgeImageBill(text, database) : judgeBill(root, text);
  }
  const report = readReport(text);
  if (report === undefined) return 'skipped';
  const input = inputOf(root, report);
  const { Results = [] } = report;
  if (input !== undefined) {
    return difference(rowsOf(report), vulnerabilitiesOf(input, name, database.book), isVariant(name, files));
  }
  if (Results.some(({ Class }) => Class === 'secret')) return judgeSecrets(root, report);
  if (Results.some(({ Class }) => Class === 'license')) return judgeLicenses(root, report);
  const listed = judgeListed(database, report);
  if (listed === undefined) return judgeConfigurations(root, name, report);
  return difference(rowsOf(report), listed, isVariant(name, files));
}

/** The bill of an image that is not here: its vulnerabilities are ours of the packages in it. */
function judgeImageBill(text: string, { book }: TrivyDatabase): GoldenFault | 'skipped' | undefined {
  const { packages, distribution } = readSbom(text).sbom;
  const rows = parseReport(text, 'bill')?.rows ?? [];
  if (rows.length === 0) return judgeWholeBill(text);
  const options = { today: '2026-11-26', vex: [], ignores: [] };
  const found = assess({ name: 'bill', packages, distribution }, book, options).vulnerabilities;
  const want = rows.map(({ id, package: name, version, fixed = '' }) => [id, name, version, fixed]);
  return difference(want, found, false);
}

/** `alpine-310.sarif.golden` and `.gitlab.golden` beside `alpine-310.json.golden`. Forms that no command of ours reads are skipped. */
function judgeOtherForm(root: string, file: string, text: string): GoldenFault | 'skipped' | undefined {
  const beside = join(root, file.replace(/(?:sarif|gitlab|gitlab-codequality|asff)\.golden$/, 'json.golden'));
  if (file.endsWith('.gsbom.golden')) return judgeWholeBill(text);
  const isRead = /\.(?:sarif|gitlab|gitlab-codequality|asff)\.golden$/.test(file);
  const report = isRead && existsSync(beside) ? readReport(readFileSync(beside, 'utf8')) : undefined;
  const rows = report === undefined ? [] : rowsOf(report);
  return rows.length === 0 ? 'skipped' : judgeForm(text, rows);
}

function readReport(text: string): GoldenReport | undefined {
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  return typeof value === 'object' && value !== null && 'ArtifactName' in value ? (value as GoldenReport) : undefined;
}

/** The repository or bill of materials that a report is about, when it is here and the report is about packages. */
function inputOf(root: string, { ArtifactName = '', Results = [] }: GoldenReport): string | undefined {
  const isOfPackages =
    Results.length > 0 &&
    Results.every(({ Class, Type }) => (Class === 'lang-pkgs' || Class === 'os-pkgs') && Type !== 'kubernetes');
  // A repository on the network is in the archive, under its last name.
  const remote = /^https:\/\/.*\/(?<name>[\w-]+)$/.exec(ArtifactName)?.groups?.['name'];
  const local = remote === undefined ? ArtifactName : `testdata/fixtures/repo/${remote}`;
  const path = join(root, local.replace(/^(?:\.\/)?testdata\//, ''));
  const isHere = existsSync(path) && (statSync(path).isDirectory() || path.endsWith('.json'));
  return isOfPackages && local.includes('testdata/') && isHere ? path : undefined;
}

/** `gomod-skip` beside `gomod`: the same input with options that leave something out. */
function isVariant(name: string, files: readonly string[]): boolean {
  return files.some((file) => name.startsWith(`${file.slice(0, -'.json.golden'.length)}-`));
}

function rowsOf({ Results = [] }: GoldenReport): string[][] {
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
): GoldenFault | undefined {
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

/** Advisories on Rust write the fix as a condition; an epoch of 0 may be left out. */
function isFix(got: string | undefined, want: string): boolean {
  const plain = (version: string): string => version.replace(/^>= /, '').replace(/^0:/, '');
  return want === got || want.split(', ').some((one) => plain(one) === plain(got ?? ''));
}
