import { compareTexts } from './versions/_shared/compare.ts';
import { versionOrders } from './versions/registry.generated.ts';

/** Name, epoch, version, release and architecture of an rpm; empty text where one is not told. */
export interface Nevra {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly architecture: string;
}

const architectures = new Set(
  'aarch64 alpha amd64 arm64 armv5tel armv6hl armv7hl armv7hnl athlon geode i386 i486 i586 i686 ia32e ia64 loongarch64 m68k mips mips64 mips64el mipsel noarch nosrc ppc ppc64 ppc64le ppc64p7 riscv riscv64 s390 s390x sh4 sparc sparc64 sparcv9 src x86_64'.split(
    ' ',
  ),
);

/** Takes `name-epoch:version-release.arch`, `epoch:version-release` and what lies between; undefined without version and release. */
export function parseNevra(text: string): Nevra | undefined {
  const dot = text.lastIndexOf('.');
  const architecture = dot >= 0 && architectures.has(text.slice(dot + 1)) ? text.slice(dot + 1) : '';
  const label = architecture === '' ? text : text.slice(0, dot);
  const releaseDash = label.lastIndexOf('-');
  if (releaseDash <= 0) return undefined;
  const versionDash = label.lastIndexOf('-', releaseDash - 1);
  const [name, version] = [label.slice(0, Math.max(versionDash, 0)), label.slice(versionDash + 1, releaseDash)];
  const epoch = /^\d+(?=:)/.exec(version)?.[0];
  return {
    name,
    epoch: epoch ?? '',
    version: epoch === undefined ? version : version.slice(epoch.length + 1),
    release: label.slice(releaseDash + 1),
    architecture,
  };
}

/** Epoch, version and release as one text that the order of rpm takes. */
export function evrOf({ epoch, version, release }: Nevra): string {
  return `${epoch === '' ? '' : `${epoch}:`}${version}-${release}`;
}

/** By name, then version, then architecture; what is not told comes first. */
export function compareNevra(left: Nevra, right: Nevra): number {
  return (
    compareTexts(left.name, right.name) ||
    versionOrders.rpm.compare(evrOf(left), evrOf(right)) ||
    compareTexts(left.architecture, right.architecture)
  );
}
