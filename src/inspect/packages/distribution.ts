import { decodeUtf8 } from '../../base/bytes.ts';
import type { FileTree } from '../tree/tree.ts';
import type { Distribution } from './package.ts';

const maxBytes = 2 ** 16;

/**
 * The distribution of a tree: by os-release(5), else by the release file that older ones have. Undefined when the tree names none
 * (an image from scratch, a folder of an application).
 */
export function readDistribution(tree: FileTree): Distribution | undefined {
  const text = (path: string): string | undefined => {
    const bytes = tree.read(path, maxBytes);
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  };
  const release = text('/etc/os-release') ?? text('/usr/lib/os-release');
  const distribution = (release === undefined ? undefined : fromOsRelease(release)) ?? fromReleaseFiles(text);
  if (distribution === undefined) return undefined;
  const exact = exactRelease(distribution, text);
  const repository = distribution.id === 'alpine' ? repositoryRelease(text('/etc/apk/repositories')) : undefined;
  return {
    ...distribution,
    ...(exact === undefined ? {} : { exactRelease: exact }),
    ...(repository === undefined ? {} : { repositoryRelease: repository }),
  };
}

/** Values of os-release(5): `KEY=value` as a shell reads them. Undefined without an `ID`. */
function fromOsRelease(text: string): Distribution | undefined {
  const values = shellValues(text);
  const id = values.get('ID')?.toLowerCase() ?? '';
  if (id === '') return undefined;
  const versionId = values.get('VERSION_ID');
  return {
    id,
    idLike: (values.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    versionId: versionId === '' ? undefined : versionId,
    codename: values.get('VERSION_CODENAME') ?? codenameIn(values.get('VERSION') ?? ''),
    prettyName: values.get('PRETTY_NAME') ?? values.get('NAME') ?? id,
  };
}

/** `10 (buster)`: releases before the key existed. */
function codenameIn(version: string): string | undefined {
  return /\((?<name>[a-z]+)\)/.exec(version)?.groups?.['name'];
}

/** `KEY=value` lines as a shell reads them, quotes resolved. */
export function shellValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const groups = /^(?<key>[A-Z_][A-Z0-9_]*)=(?<value>.*)$/i.exec(line.trim())?.groups;
    if (groups !== undefined) values.set(groups['key'] ?? '', unquoted(groups['value'] ?? ''));
  }
  return values;
}

function unquoted(value: string): string {
  const quote = value[0];
  if (value.length < 2 || (quote !== '"' && quote !== "'") || !value.endsWith(quote)) return value;
  const inner = value.slice(1, -1);
  return quote === "'" ? inner : inner.replace(/\\(?<sign>["$`\\])/g, '$<sign>');
}

const redHatIds: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat Enterprise Linux/i, 'rhel'],
  [/^CentOS/i, 'centos'],
  [/^Fedora/i, 'fedora'],
  [/^Oracle Linux/i, 'ol'],
  [/^AlmaLinux/i, 'almalinux'],
  [/^Rocky Linux/i, 'rocky'],
  [/^Amazon Linux/i, 'amzn'],
  [/^Scientific Linux/i, 'scientific'],
];

function fromReleaseFiles(text: (path: string) => string | undefined): Distribution | undefined {
  const alpine = text('/etc/alpine-release')?.trim();
  if (alpine !== undefined) return plain('alpine', [], alpine, `Alpine Linux ${alpine}`);
  const lsb = shellValues(text('/etc/lsb-release') ?? '');
  const lsbId = lsb.get('DISTRIB_ID')?.toLowerCase();
  if (lsbId === 'ubuntu') {
    const version = lsb.get('DISTRIB_RELEASE');
    const codename = lsb.get('DISTRIB_CODENAME');
    return { ...plain('ubuntu', ['debian'], version, lsb.get('DISTRIB_DESCRIPTION') ?? 'Ubuntu'), codename };
  }
  for (const file of ['/etc/oracle-release', '/etc/redhat-release', '/etc/centos-release', '/etc/system-release']) {
    const line = text(file)?.trim() ?? '';
    const id = redHatIds.find(([pattern]) => pattern.test(line))?.[1];
    if (id !== undefined) return plain(id, id === 'fedora' ? [] : ['rhel', 'fedora'], releaseIn(line), line);
  }
  const debian = text('/etc/debian_version')?.trim();
  if (debian === undefined) return undefined;
  const isNumber = /^\d/.test(debian);
  const version = isNumber ? debian.split('.')[0] : undefined;
  return { ...plain('debian', [], version, `Debian ${debian}`), codename: isNumber ? undefined : debian.split('/')[0] };
}

function plain(id: string, idLike: readonly string[], versionId: string | undefined, name: string): Distribution {
  return { id, idLike, versionId, codename: undefined, prettyName: name };
}

/** `CentOS release 6.10 (Final)`: 6.10. */
function releaseIn(line: string): string | undefined {
  return /\brelease (?<version>\d+(?:\.\d+)*)/i.exec(line)?.groups?.['version'];
}

/** Release of a file that tells more than `VERSION_ID` (12.15 and not 12); undefined when none does. */
function exactRelease({ id, versionId }: Distribution, text: (path: string) => string | undefined): string | undefined {
  const file = id === 'debian' ? text('/etc/debian_version')?.trim() : releaseIn(text('/etc/redhat-release') ?? '');
  const isMore = versionId !== undefined && file !== undefined && /^\d+(?:\.\d+)+$/.test(file);
  return isMore && file.startsWith(`${versionId}.`) ? file : undefined;
}

/** Release that the lines of /etc/apk/repositories name: `3.18`, or `edge`. The highest one when they are mixed. */
function repositoryRelease(repositories: string | undefined): string | undefined {
  const releases: string[] = [];
  for (const line of (repositories ?? '').split('\n')) {
    const groups = /^\s*(?:@\S+\s+)?[a-z]+:\/\/\S+?\/(?<release>edge|v\d+\.\d+)\//i.exec(line)?.groups;
    if (groups !== undefined && !line.trimStart().startsWith('@')) releases.push(groups['release'] ?? '');
  }
  if (releases.includes('edge')) return 'edge';
  const minor = (release: string): number => Number(release.split('.')[1]);
  return releases.sort((a, b) => minor(b) - minor(a))[0]?.slice(1);
}
