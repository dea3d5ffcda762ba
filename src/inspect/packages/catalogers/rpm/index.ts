import { microsPerSecond } from '../../../../base/time.ts';
import type { TreeEntry } from '../../../tree/tree.ts';
import type { ByteSource } from '../../byte-source.ts';
import { defineCataloger, type CatalogContext } from '../../cataloger.ts';
import { Findings, type PackageFacts } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { isSqlite } from '../../sqlite/sqlite-file.ts';
import { bdbBlobs, isBdbHash } from './bdb.ts';
import type { HeaderBlobs } from './database.ts';
import { parseHeader, type RpmHeader } from './header.ts';
import { parseManifestLine } from './manifest.ts';
import { isNdb, ndbBlobs } from './ndb.ts';
import { sqliteBlobs } from './sqlite.ts';

const folders = ['/var/lib/rpm/', '/usr/lib/sysimage/rpm/', '/usr/share/rpm/'];
const databases: ReadonlySet<string> = new Set(
  folders.flatMap((folder) => ['rpmdb.sqlite', 'Packages', 'Packages.db'].map((name) => folder + name)),
);
const manifest = '/var/lib/rpmmanifest/container-manifest-2';
/** Databases of large hosts have some hundred megabytes. */
const maxDatabaseBytes = 2 ** 30;

export const cataloger = defineCataloger({
  id: 'rpm',
  title: 'RPM packages',
  description:
    'The database of rpm in its three forms (`rpmdb.sqlite` with its write-ahead log, `Packages.db` of ndb, `Packages` of Berkeley DB) in `var/lib/rpm`, `usr/lib/sysimage/rpm` and `usr/share/rpm`, and `container-manifest-2` of images without one. Epoch, source rpm, modularity label, install time, files with mode and digest. Imported keys (`gpg-pubkey`) are listed as `rpm -qa` does.',
  references: [
    'https://rpm-software-management.github.io/rpm/manual/hregions.html',
    'https://www.sqlite.org/fileformat2.html',
  ],
  guide: ['C25'],
  wants: ({ path }) => databases.has(path) || path === manifest,
  catalog(entries, context) {
    const findings = new Findings();
    for (const entry of entries) {
      // A link leads to the database of another place, which is met there.
      if (entry.type !== 'file') continue;
      if (entry.path === manifest) readManifest(entry, context, findings);
      else readDatabase(entry, context, findings);
    }
    return findings.done();
  },
});

function readManifest(entry: TreeEntry, context: CatalogContext, findings: Findings): void {
  const lines = (findings.text(context.tree, entry) ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const header = parseManifestLine(line);
    if (header === undefined) findings.problem(entry.path, 'bad-record', 'a line names no package', index + 1);
    else findings.add(describe(header, entry, context));
  }
}

function readDatabase(entry: TreeEntry, context: CatalogContext, findings: Findings): void {
  const bytes = findings.places(context.tree, entry, maxDatabaseBytes);
  if (bytes === undefined || bytes.length === 0) return;
  const blobs = blobsOf(bytes, entry, context, findings);
  if (blobs === undefined) {
    findings.problem(entry.path, 'bad-header', 'it is no package database of rpm');
    return;
  }
  for (let next = blobs.next(); ; next = blobs.next()) {
    if (next.done === true) {
      const fault = next.value;
      if (fault !== undefined) findings.problem(entry.path, 'bad-record', `the database is damaged: ${fault}`);
      return;
    }
    const header = parseHeader(next.value);
    if (header === undefined) findings.problem(entry.path, 'bad-record', 'a package has no readable header');
    else findings.add(describe(header, entry, context));
  }
}

function blobsOf(
  bytes: ByteSource,
  entry: TreeEntry,
  { tree }: CatalogContext,
  findings: Findings,
): HeaderBlobs | undefined {
  if (isSqlite(bytes)) {
    const log = tree.stat(`${entry.path}-wal`);
    return sqliteBlobs(bytes, log?.type === 'file' ? findings.places(tree, log, maxDatabaseBytes) : undefined);
  }
  if (isNdb(bytes)) return ndbBlobs(bytes);
  return isBdbHash(bytes) ? bdbBlobs(bytes) : undefined;
}

function describe(header: RpmHeader, entry: TreeEntry, { distribution }: CatalogContext): PackageFacts {
  const { name, epoch = 0, architecture, license, vendor, modularityLabel, installTime, files } = header;
  const plain = `${header.version}-${header.release}`;
  const prefix = epoch > 0 ? `${epoch}:` : '';
  const release = distribution?.exactRelease ?? distribution?.versionId;
  const details = {
    ...(vendor === undefined ? {} : { vendor }),
    ...(modularityLabel === undefined ? {} : { modularityLabel }),
  };
  return {
    name,
    version: prefix + plain,
    type: 'rpm',
    purl: purlOf('rpm', name, plain, {
      namespace: distribution?.id,
      qualifiers: {
        arch: architecture,
        distro: distribution && release && `${distribution.id}-${release}`,
        epoch: epoch > 0 ? String(epoch) : undefined,
      },
    }),
    source: sourceOf(header.sourceRpm, prefix),
    architecture,
    licenses: license === undefined ? [] : [license],
    locations: [entry.path],
    layer: entry.layer,
    files,
    installedAt: installTime === undefined ? undefined : installTime * microsPerSecond,
    foundBy: 'rpm',
    details: Object.keys(details).length === 0 ? undefined : details,
  };
}

/** `util-linux-2.32.1-42.el8_8.src.rpm`: a source has no epoch of its own there; it is that of its packages. */
function sourceOf(sourceRpm: string | undefined, epochPrefix: string): { name: string; version: string } | undefined {
  const pattern = /^(?<name>.+)-(?<version>[^-]+-[^-]+)\.(?:no)?src\.rpm$/;
  // A name this long is none, and the pattern would go over it again and again.
  const { name, version } = (sourceRpm ?? '').length > 1024 ? {} : (pattern.exec(sourceRpm ?? '')?.groups ?? {});
  return name === undefined || version === undefined ? undefined : { name, version: epochPrefix + version };
}
