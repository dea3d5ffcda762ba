import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackXz } from '../conformance/suites/image-vulnerability-cases/unpack.ts';
import { corpusFiles, isInstalled } from './tools.ts';

/** A real Trivy with a database that was made of the same advisories as the corpus has. */
export interface Trivy {
  readonly program: string;
  /** Its cache, below the given folder. */
  readonly cache: string;
}

export interface TrivyRow {
  readonly id: string;
  readonly package: string;
  readonly installed: string;
  readonly fixed: string;
}

/** `VAKTHUND_TRIVY`, or `trivy` of the search path; undefined when neither is there, or the database is not. */
export function trivyProgram(): string | undefined {
  const named = process.env['VAKTHUND_TRIVY'];
  if (corpusFiles('image/trivy-cache/db/trivy.db.gz').length === 0) return undefined;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  return isInstalled('trivy') ? 'trivy' : undefined;
}

/** Unpacks the databases below `folder`. */
export function prepareTrivy(program: string, folder: string): Trivy {
  const cache = join(folder, 'cache');
  for (const path of corpusFiles('image/trivy-cache/*/*')) {
    const target = join(cache, basename(dirname(path)), basename(path, '.gz'));
    mkdirSync(dirname(target), { recursive: true });
    if (path.endsWith('.gz')) writeFileSync(target, gunzipSync(readFileSync(path)));
    else copyFileSync(path, target);
  }
  return { program, cache };
}

/** A form of an image that Trivy takes: layouts as folders, root filesystems as folders, archives as they are. */
export function imageForTrivy(
  path: string,
  folder: string,
): { readonly kind: 'image' | 'rootfs'; readonly path: string } {
  const target = join(folder, basename(path));
  if (path.endsWith('.xz')) return { kind: 'rootfs', path: unpackXz(path, target) ?? path };
  if (!path.endsWith('.oci.tar')) return { kind: 'image', path };
  mkdirSync(target, { recursive: true });
  spawnSync('tar', ['-xf', path, '-C', target]);
  return { kind: 'image', path: target };
}

/** The images of the corpus that there are expectations for. */
export function comparedImages(): string[] {
  return corpusFiles('image/images/expected/*.trivy.json').flatMap((expected) => {
    const name = basename(expected, '.trivy.json').replaceAll('+', '[+]');
    return globSync(`${name}.*`, { cwd: join(dirname(expected), '..') }).map((file) =>
      join(dirname(expected), '..', file),
    );
  });
}

/** Arguments of a scan without a network. */
export function trivyArguments(kind: 'image' | 'rootfs', path: string): string[] {
  const source = kind === 'image' ? ['image', '--input', path] : ['rootfs', path];
  const offline = ['--skip-db-update', '--skip-java-db-update', '--offline-scan'];
  return [...source, ...offline, '--scanners', 'vuln', '--format', 'json', '--quiet'];
}

/** Rows of a scan; undefined when it failed. */
export function scanWithTrivy(
  { program, cache }: Trivy,
  kind: 'image' | 'rootfs',
  path: string,
): TrivyRow[] | undefined {
  const env = { ...process.env, TRIVY_CACHE_DIR: cache };
  const options = { env, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout } = spawnSync(program, trivyArguments(kind, path), options);
  return status === 0 ? rowsOf(stdout) : undefined;
}

export interface TrivyPackage {
  /** Of its result: `debian`, `node-pkg`, `gobinary`. */
  readonly type: string;
  readonly name: string;
  /** With epoch and release, as the package manager writes it. */
  readonly version: string;
}

/** All packages of a root filesystem; undefined when it failed. */
export function listWithTrivy({ program, cache }: Trivy, root: string): TrivyPackage[] | undefined {
  const env = { ...process.env, TRIVY_CACHE_DIR: cache };
  const options = { env, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout } = spawnSync(program, [...trivyArguments('rootfs', root), '--list-all-pkgs'], options);
  if (status !== 0) return undefined;
  const { Results = [] } = JSON.parse(stdout) as { readonly Results?: readonly Listed[] };
  return Results.flatMap(({ Type, Packages = [] }) =>
    Packages.map(({ Name, Version, Release = '', Epoch = 0 }) => ({
      type: Type,
      name: Name,
      version: `${Epoch > 0 ? `${Epoch}:` : ''}${Version}${Release === '' ? '' : `-${Release}`}`,
    })),
  );
}

interface Listed {
  readonly Type: string;
  readonly Packages?: readonly {
    readonly Name: string;
    readonly Version: string;
    readonly Release?: string;
    readonly Epoch?: number;
  }[];
}

interface Reported {
  readonly VulnerabilityID: string;
  readonly PkgName: string;
  readonly InstalledVersion: string;
  readonly FixedVersion?: string;
}

function rowsOf(text: string): TrivyRow[] {
  const report = JSON.parse(text) as {
    readonly Results?: readonly { readonly Vulnerabilities?: readonly Reported[] }[];
  };
  return (report.Results ?? []).flatMap(({ Vulnerabilities = [] }) =>
    Vulnerabilities.map(({ VulnerabilityID, PkgName, InstalledVersion, FixedVersion }) => ({
      id: VulnerabilityID,
      package: PkgName,
      installed: InstalledVersion,
      fixed: FixedVersion ?? '',
    })),
  );
}
