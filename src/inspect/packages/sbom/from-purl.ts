import { packageTypes, type Package, type PackageType } from '../package.ts';
import { parsePurl, purlOf, type PackageUrl } from '../purl.ts';

type Identity = Pick<Package, 'name' | 'version' | 'type' | 'purl'> &
  Partial<Pick<Package, 'architecture' | 'source' | 'details'>>;

/**
 * Who a package is by its package URL. `written` is its name in the bill: it is taken when it means the same, because a package URL does
 * not keep upper case. Undefined for what is no package URL.
 */
export function identityOf(text: string, written?: string): Identity | undefined {
  const purl = parsePurl(text);
  if (purl === undefined) return undefined;
  const type = packageTypes.find((one) => one === purl.type);
  const name = nameOf(purl);
  const version = versionOf(purl);
  const architecture = purl.qualifiers.get('arch');
  const source = upstreamOf(purl, version);
  return {
    name: written !== undefined && type !== undefined && isSameName(type, written, purl) ? written : name,
    version,
    type: type ?? 'generic',
    purl: text,
    ...(architecture === undefined ? {} : { architecture }),
    ...(source === undefined ? {} : { source }),
    ...(type === undefined ? { details: { purlType: purl.type } } : {}),
  };
}

const distributionTypes: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm', 'alpm']);

/** The full name in the words of the ecosystem. */
function nameOf({ type, namespace, name, subpath }: PackageUrl): string {
  if (type === 'cocoapods' && subpath !== undefined) return `${name}/${subpath}`;
  if (namespace === '' || distributionTypes.has(type)) return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

/** Some write the epoch of deb and rpm beside the version. */
function versionOf({ type, version = '', qualifiers }: PackageUrl): string {
  // The number behind a dash counts rebuilds of the image.
  if (type === 'bitnami') return version.replace(/-\d+$/, '');
  const epoch = qualifiers.get('epoch') ?? '0';
  const hasEpoch = (type === 'rpm' || type === 'deb') && /^[1-9]\d*$/.test(epoch) && !version.includes(':');
  return hasEpoch ? `${epoch}:${version}` : version;
}

function isSameName(type: PackageType, written: string, purl: PackageUrl): boolean {
  const again = parsePurl(purlOf(type, written, '', distributionTypes.has(type) ? { namespace: purl.namespace } : {}));
  const lower = (one: PackageUrl | undefined): string =>
    `${one?.namespace}/${one?.name}#${one?.subpath}`.toLowerCase().replaceAll('_', '-');
  return lower(again) === lower(purl);
}

/** `upstream=name[@version]` of deb and apk, `upstream=name-1.0-1.src.rpm`, as Syft writes it. */
function upstreamOf({ type, qualifiers }: PackageUrl, version: string): Package['source'] {
  const upstream = qualifiers.get('upstream') ?? '';
  if (upstream === '' || upstream.length > 1024 || !distributionTypes.has(type)) return undefined;
  const rpm = /^(?<name>.+)-(?<version>[^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(upstream)?.groups;
  if (rpm !== undefined) return { name: rpm['name'] ?? '', version: rpm['version'] ?? '' };
  const at = upstream.indexOf('@');
  return at < 0 ? { name: upstream, version } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}
