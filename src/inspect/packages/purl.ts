import type { PackageType } from './package.ts';

/** Parts of a package URL (package-url/purl-spec), decoded. */
export interface PackageUrl {
  readonly type: string;
  /** Segments joined by `/`; empty for types without one. */
  readonly namespace: string;
  readonly name: string;
  readonly version: string | undefined;
  /** In the order of names; empty values are none. */
  readonly qualifiers: ReadonlyMap<string, string>;
  readonly subpath: string | undefined;
}

interface PurlOptions {
  /** Distribution packages: its id, which becomes the vendor. Others carry their namespace in the name: `group:artifact`, `@scope/name`, `vendor/name`. */
  readonly namespace?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

/** Types whose names do not tell upper case from lower case (purl-spec, PURL-TYPES). */
const foldedTypes: ReadonlySet<string> = new Set([
  'apk',
  'deb',
  'alpm',
  'pypi',
  'golang',
  'composer',
  'hex',
  'bitnami',
  'npm',
  'github',
  'luarocks',
  'otp',
  'vscode-extension',
]);

/** Distributions whose vendor is not called like them (purl-spec: the namespace is the vendor). */
const vendors: Readonly<Record<string, string>> = {
  amzn: 'amazon',
  ol: 'oracle',
  'opensuse-leap': 'opensuse',
  'opensuse-tumbleweed': 'opensuse',
  rhel: 'redhat',
  sles: 'suse',
};

/** Canonical package URL of a package that is named as its ecosystem names it. */
export function purlOf(type: PackageType, fullName: string, version: string, options: PurlOptions = {}): string {
  const given = options.namespace?.toLowerCase() ?? '';
  const { namespace, name, subpath } = splitName(type, fullName, vendors[given] ?? given);
  const qualifiers = new Map(
    Object.entries(options.qualifiers ?? {}).filter((pair): pair is [string, string] => (pair[1] ?? '') !== ''),
  );
  return formatPurl({ type, namespace, name, version: version === '' ? undefined : version, qualifiers, subpath });
}

/** `group:artifact`, `@scope/name`, `vendor/name` as namespace and name, by the rules of the type. */
function splitName(
  type: PackageType,
  fullName: string,
  given: string,
): { namespace: string; name: string; subpath: string | undefined } {
  const folded = foldedTypes.has(type) ? fullName.toLowerCase() : fullName;
  const named = type === 'pypi' ? folded.replaceAll('_', '-') : folded;
  if (type === 'cocoapods') {
    const slash = named.indexOf('/');
    return slash < 0
      ? { namespace: '', name: named, subpath: undefined }
      : { namespace: '', name: named.slice(0, slash), subpath: named.slice(slash + 1) };
  }
  const divider = type === 'maven' ? ':' : '/';
  const at = given === '' && type !== 'generic' ? named.lastIndexOf(divider) : -1;
  if (at < 0) return { namespace: given, name: named, subpath: undefined };
  return { namespace: named.slice(0, at), name: named.slice(at + 1), subpath: undefined };
}

/** The text of a package URL in canonical form. */
export function formatPurl({ type, namespace, name, version, qualifiers, subpath }: PackageUrl): string {
  const spaces = segmentsOf(namespace).map(encode);
  const pairs = [...qualifiers]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key.toLowerCase()}=${encode(value)}`)
    .sort();
  const paths = segmentsOf(subpath ?? '').map(encode);
  return [
    `pkg:${[type.toLowerCase(), ...spaces, encode(name)].join('/')}`,
    version === undefined ? '' : `@${encode(version)}`,
    pairs.length === 0 ? '' : `?${pairs.join('&')}`,
    paths.length === 0 ? '' : `#${paths.join('/')}`,
  ].join('');
}

/** Parts of a package URL; undefined for what is none. */
export function parsePurl(text: string): PackageUrl | undefined {
  const groups =
    /^pkg:\/{0,3}(?<type>[A-Za-z][A-Za-z0-9.+-]*)\/(?<path>[^?#]+)(?:\?(?<query>[^#]*))?(?:#(?<subpath>.*))?$/s.exec(
      text,
    )?.groups;
  if (groups === undefined) return undefined;
  const path = (groups['path'] ?? '').replace(/\/+$/, '');
  const at = path.lastIndexOf('@');
  // A scope that was not encoded begins with the same sign, and is followed by a slash.
  const hasVersion = at > 0 && !path.includes('/', at);
  const segments = segmentsOf(hasVersion ? path.slice(0, at) : path).map(decode);
  const name = segments.pop();
  if (name === undefined) return undefined;
  const subpath = segmentsOf(groups['subpath'] ?? '').map(decode);
  return {
    type: (groups['type'] ?? '').toLowerCase(),
    namespace: segments.join('/'),
    name,
    version: hasVersion ? decode(path.slice(at + 1)) : undefined,
    qualifiers: qualifiersOf(groups['query'] ?? ''),
    subpath: subpath.length === 0 ? undefined : subpath.join('/'),
  };
}

function qualifiersOf(query: string): Map<string, string> {
  const pairs = query
    .split('&')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals).toLowerCase(), decode(pair.slice(equals + 1))];
    })
    .filter(([key, value]) => key !== '' && value !== '');
  return new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** Everything but letters, digits and `.-_~:` (purl-spec, character encoding). */
function encode(text: string): string {
  if (/^[\w.~:-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
