import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedSubject, Trust } from '../../../src/inspect/image/signature-scheme.ts';
import { signatureSchemes } from '../../../src/inspect/image/signatures/registry.generated.ts';
import { readContentTrust } from '../../../src/inspect/image/verify-stores.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { describeVerdicts, emptyTrust } from './signatures-cases/trust.ts';

type Fault = Omit<SuiteFailure, 'case'>;

/** Repositories of Notary clients with their own root pinned: each target in the table of the README is accepted, others are not. */
export const suite: Suite = {
  id: 'signatures/notary',
  async run(corpus) {
    const folder = join(corpus, 'image', 'signatures', 'notary-v1');
    const readme = join(folder, 'README.md');
    const rows = existsSync(readme) ? rowsOf(readFileSync(readme, 'utf8')) : [];
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const repositories = names.filter((name) => globSync('**/root.json', { cwd: join(folder, name) }).length > 0);
    const failed: SuiteFailure[] = [];
    let total = 0;
    for (const name of repositories) {
      const path =
        globSync('**/root.json', { cwd: join(folder, name) }).map((file) => join(folder, name, file, '..'))[0] ?? '';
      for (const row of rows.filter(({ repository }) => repository === name)) {
        total++;
        const fault = await faultOf(path, row);
        if (fault !== undefined) failed.push({ case: `${name} ${row.target}`, ...fault });
      }
    }
    return { total, passed: total - failed.length, skipped: 0, failed };
  },
};

interface Row {
  readonly repository: string;
  readonly target: string;
  readonly digest: string;
}

/** Headings name a repository; the lines of the table below have name, digest and size. Their names of repositories are not those in the certificates. */
function rowsOf(readme: string): Row[] {
  const rows: Row[] = [];
  let repository = '';
  for (const line of readme.split('\n')) {
    repository = /^- `(?<name>[^`]+)`/.exec(line)?.groups?.['name'] ?? repository;
    const groups = /^\s*(?<target>\S+)\s+(?<digest>[0-9a-f]{64})\s+\d+/.exec(line)?.groups;
    if (groups !== undefined) rows.push({ repository, target: groups['target'] ?? '', digest: groups['digest'] ?? '' });
  }
  return rows;
}

async function faultOf(path: string, { target, digest }: Row): Promise<Fault | undefined> {
  const read = readContentTrust(path);
  const root = read.roles.get('root');
  const contentTrust = root === undefined ? read : { ...read, pinnedRoot: root };
  const trust: Trust = { ...emptyTrust, contentTrust };
  const subject: SignedSubject = { digest: `sha256:${digest}`, tag: target };
  const changed = `sha256:${digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`;
  const cases: readonly [SignedSubject, Trust, boolean][] = [
    [subject, trust, true],
    [{ ...subject, digest: changed }, trust, false],
    [{ ...subject, tag: 'nobody-signed-this' }, trust, false],
    [subject, { ...trust, contentTrust: read }, false],
  ];
  for (const [about, given, isWanted] of cases) {
    const verdicts = await signatureSchemes.notary.verify({ subject: about, attachments: [], trust: given });
    if (verdicts.some(({ isValid }) => isValid) !== isWanted) {
      return { got: describeVerdicts(verdicts), want: isWanted ? 'accepted' : `rejected: ${JSON.stringify(about)}` };
    }
  }
  return undefined;
}
