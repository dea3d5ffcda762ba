import type { Subject } from '../matching/assess.ts';
import type { Distribution } from '../package.ts';
import type { PackageIndex } from './package-index.ts';
import type { ScannerReport } from './report.ts';

/** Whether a report is about the image that it is held against. `unknown`: it does not tell, and its packages fit. */
export interface Sameness {
  readonly isSame: 'yes' | 'no' | 'unknown';
  /** What tells them apart; empty when nothing does. */
  readonly why: string;
}

/** Packages that a report names, for its packages to say something about the image. */
const minPackages = 5;

export function samenessOf(report: ScannerReport, subject: ComparedSubject, index: PackageIndex): Sameness {
  const { imageId, manifests, system } = report.target;
  const digests = subject.digests ?? [];
  if ([imageId, ...manifests].some((digest) => digest !== undefined && digests.includes(digest))) {
    return { isSame: 'yes', why: '' };
  }
  const other = system === undefined ? undefined : otherSystem(system, subject.distribution);
  if (other !== undefined) return { isSame: 'no', why: other };
  if (imageId !== undefined && subject.imageId !== undefined) {
    return { isSame: 'no', why: `its image id is ${short(imageId)}, this one has ${short(subject.imageId)}` };
  }
  return strangerPackages(report, index) ?? { isSame: 'unknown', why: '' };
}

export interface ComparedSubject extends Subject {
  /** Digest of the configuration, of an image that has one. */
  readonly imageId?: string;
}

function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** Names that scanners have for distributions whose os-release says something else. */
const families: Readonly<Record<string, string>> = {
  redhat: 'rhel',
  redhatenterpriselinux: 'rhel',
  amazon: 'amzn',
  amazonlinux: 'amzn',
  oracle: 'ol',
  oraclelinux: 'ol',
  alma: 'almalinux',
  rockylinux: 'rocky',
  'opensuse.leap': 'opensuse-leap',
  'opensuse.tumbleweed': 'opensuse-tumbleweed',
  'suse linux enterprise server': 'sles',
  'cbl-mariner': 'mariner',
};

/** Undefined where release and distribution may be the same: one tells more of the version than the other. */
function otherSystem(system: string, distribution: Distribution | undefined): string | undefined {
  const at = system.lastIndexOf(' ');
  const [name, version] = [system.slice(0, at).toLowerCase(), system.slice(at + 1)];
  if (distribution === undefined) return `it is about ${system}, and this names no distribution`;
  const { id, versionId, exactRelease } = distribution;
  const own = exactRelease ?? versionId ?? '';
  const isPart = version.startsWith(own) || own.startsWith(version);
  return (families[name] ?? name) === id && isPart
    ? undefined
    : `it is about ${system}, this is ${id} ${own}`.trimEnd();
}

/** A report that tells nothing else of its image: by the packages that it names. */
function strangerPackages({ rows }: ScannerReport, index: PackageIndex): Sameness | undefined {
  const named = new Map(rows.map((row) => [JSON.stringify([row.package, row.version]), row]));
  if (named.size < minPackages) return undefined;
  const strangers = [...named.values()].filter((row) => index.of(row).length === 0);
  if (strangers.length * 2 <= named.size) return undefined;
  return {
    isSame: 'no',
    why: `${strangers.length} of ${named.size} packages that it names are not here in that version`,
  };
}
