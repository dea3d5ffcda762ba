import type { VersionOrder } from '../version-order.ts';
import { versionOrders } from '../versions/registry.generated.ts';

const orderByEcosystem: ReadonlyMap<string, VersionOrder> = new Map(
  Object.values(versionOrders).flatMap((order) => order.ecosystems.map((name) => [name.toLowerCase(), order] as const)),
);

/**
 * One name for the place that packages and advisories meet in: an ecosystem with its release, in lower case, without what
 * advisories write more or less of: `alpine:3.11`, `ubuntu:22.04`, `red hat:9`, `pypi`.
 */
export function streamOf(ecosystem: string): string {
  const text = ecosystem.trim().toLowerCase();
  const colon = text.indexOf(':');
  if (colon < 0) return text;
  const [base, release] = [text.slice(0, colon), text.slice(colon + 1)];
  if (base === 'alpine') return `${base}:${release.replace(/^v/, '')}`;
  if (base === 'ubuntu') return `${base}:${release.replace(/:lts$/, '')}`;
  // CPE without its head: enterprise_linux:9::appstream. All repositories of one release are one.
  const red = base === 'red hat' ? /^(?:\/?[ao]:redhat:)?(?<product>[a-z_]+):(?<major>\d+)/.exec(release) : undefined;
  if (red?.groups !== undefined) {
    const { product = '', major = '' } = red.groups;
    return product === 'enterprise_linux' ? `red hat:${major}` : `red hat:${product}:${major}`;
  }
  // CPE again: sles:15:sp3.
  const suse = base === 'suse' ? /^sles(?:_[a-z]+)?:(?<major>\d+)(?::sp(?<pack>\d+))?/.exec(release) : undefined;
  if (suse?.groups !== undefined) return slesStream(suse.groups['major'] ?? '', suse.groups['pack']);
  return text;
}

/** As OSV names the releases of SUSE Linux Enterprise Server. */
export function slesStream(major: string, servicePack: string | undefined): string {
  return `suse:linux enterprise server ${major}${servicePack === undefined ? '' : ` sp${servicePack}`}`;
}

/** The order of versions in a stream; undefined for an ecosystem that nothing is known of. */
export function orderOf(stream: string): VersionOrder | undefined {
  const colon = stream.indexOf(':');
  return orderByEcosystem.get(colon < 0 ? stream : stream.slice(0, colon));
}

const foldedStreams: ReadonlySet<string> = new Set(['nuget', 'packagist', 'github actions']);

/** Names as their ecosystem compares them: PEP 503 for Python, without case for NuGet, Composer, GitHub and editors' extensions. */
export function normalName(stream: string, name: string): string {
  if (stream === 'pypi') return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
  if (foldedStreams.has(stream)) return name.toLowerCase();
  // Advisories write `publisher.name`.
  if (stream === 'vscode') return name.toLowerCase().replace('/', '.');
  return stream === 'swifturl' ? name.replace(/^https?:\/\//, '').replace(/\.git$/, '') : name;
}

/** What advisories are filed under. */
export function adviceKey(stream: string, name: string): string {
  return `${stream}\0${name}`;
}
