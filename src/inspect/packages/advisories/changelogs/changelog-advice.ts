import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import type { FileTree } from '../../../tree/tree.ts';
import type { Distribution, Package } from '../../package.ts';
import type { AdvisoryBook } from '../book.ts';
import { MemoryBook } from '../memory-book.ts';
import { readDebianChangelog } from './debian-changelog.ts';

/** The change log of gcc has about 3 MB. */
const maxChangelogBytes = 64 << 20;

export interface ChangelogBook {
  readonly book: AdvisoryBook;
  readonly problems: readonly Problem[];
  /** Source packages whose change log was read. */
  readonly read: number;
}

/**
 * Advice out of the change logs in a tree of Debian or Ubuntu: what its packages repaired, one below has not. It needs no database of
 * vulnerabilities, and knows only what was repaired in this release until this tree was made.
 */
export function bookOfTree(
  tree: FileTree,
  packages: readonly Package[],
  distribution: Distribution | undefined,
): ChangelogBook {
  const ecosystem = ecosystemOf(distribution);
  const book = new MemoryBook();
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const pkg of ecosystem === undefined ? [] : packages) {
    const source = pkg.source?.name ?? pkg.name;
    if (pkg.type !== 'deb' || seen.has(source) || ecosystem === undefined) continue;
    const text = changelogOf(tree, pkg, problems);
    if (text === undefined) continue;
    seen.add(source);
    for (const { cve, fixed, day } of readDebianChangelog(text)) {
      const advice = {
        id: cve,
        aliases: [],
        ecosystem: ecosystem.name,
        ...(day === undefined ? {} : { published: `${day}T00:00:00Z` }),
        severity: [],
        intervals: [{ to: fixed }],
        versions: [],
        origin: 'changelog',
      };
      book.file(ecosystem.stream, source, advice);
    }
  }
  return { book, problems, read: seen.size };
}

function ecosystemOf(distribution: Distribution | undefined): { name: string; stream: string } | undefined {
  const { id, versionId } = distribution ?? {};
  if (versionId === undefined) return undefined;
  if (id === 'debian') return { name: `Debian:${versionId}`, stream: `debian:${versionId.split('.')[0]}` };
  return id === 'ubuntu' ? { name: `Ubuntu:${versionId}`, stream: `ubuntu:${versionId}` } : undefined;
}

/** `changelog.Debian.gz`, or `changelog.gz` of a package that was made for Debian. Images often leave both out. */
function changelogOf(tree: FileTree, { name }: Package, problems: Problem[]): string | undefined {
  for (const file of ['changelog.Debian.gz', 'changelog.gz']) {
    const path = `/usr/share/doc/${name}/${file}`;
    const bytes = tree.read(path, maxChangelogBytes);
    if (bytes === undefined) continue;
    try {
      return decodeUtf8(gunzipSync(bytes, { maxOutputLength: maxChangelogBytes }));
    } catch (error) {
      problems.push({ code: 'decompress-failed', at: { path }, message: messageOf(error) });
    }
  }
  return undefined;
}
