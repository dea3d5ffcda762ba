import { decodeUtf8 } from '../../../../base/bytes.ts';
import type { ZipFile } from '../../zip/zip-file.ts';
import { knownGroup } from './groups.ts';

export interface Coordinates {
  /** `group:artifact`, or the artifact alone when nothing tells the group. */
  readonly name: string;
  readonly version: string;
}

/** What an archive says that it is, the best proof first. */
export interface JarIdentity extends Coordinates {
  readonly by: 'pom.properties' | 'manifest' | 'file name';
  /** The group is what its manifest has in its place: a symbolic name, the id of a vendor. */
  readonly isGroupGuessed?: true;
}

export interface Identified {
  readonly own: JarIdentity | undefined;
  readonly shaded: readonly Coordinates[];
  /** Members that would tell, and are damaged or too large. */
  readonly unread: readonly string[];
}

const maxTextBytes = 2 ** 20;

/**
 * What a Java archive is, and what was put into it (a shaded archive has the `pom.properties` of each library). The one whose artifact
 * and version the file name has is the archive itself; without any, manifest and file name are asked.
 */
export function identify(zip: ZipFile, fileName: string): Identified {
  const found: Coordinates[] = [];
  const unread: string[] = [];
  let manifest: ReadonlyMap<string, string> | undefined;
  for (const member of zip.members) {
    const isProperties = member.name.startsWith('META-INF/maven/') && member.name.endsWith('/pom.properties');
    if (!isProperties && member.name !== 'META-INF/MANIFEST.MF') continue;
    const bytes = zip.read(member, maxTextBytes);
    if (bytes === undefined) {
      unread.push(member.name);
      continue;
    }
    if (isProperties) {
      const coordinates = parseProperties(decodeUtf8(bytes));
      if (coordinates !== undefined) found.push(coordinates);
    } else manifest = parseManifest(decodeUtf8(bytes));
  }
  const bare = fileName.replace(/\.[^.]+$/, '');
  const own =
    found.find(({ name, version }) => bare === `${artifactOf(name)}-${version}`) ??
    found.find(({ name }) => bare === artifactOf(name) || bare.startsWith(`${artifactOf(name)}-`)) ??
    (found.length === 1 ? found[0] : undefined);
  const shaded = found.filter((one) => one !== own);
  if (own !== undefined) return { own: { ...own, by: 'pom.properties' }, shaded, unread };
  return { own: jenkinsPlugin(manifest) ?? fromManifest(manifest, bare, zip), shaded, unread };
}

/** A plug-in of Jenkins says in its manifest what it is; its file is called by the short name alone, and its version begins with a digit. */
function jenkinsPlugin(manifest: ReadonlyMap<string, string> | undefined): JarIdentity | undefined {
  const attribute = (name: string): string | undefined => /^[\w.+-]+$/.exec(manifest?.get(name) ?? '')?.[0];
  const artifact = attribute('artifact-id') ?? attribute('short-name') ?? attribute('extension-name');
  // A snapshot has words behind its version: `1.2-SNAPSHOT (private-03/2024-me)`.
  const version = /^\d[\w.+-]*/.exec(manifest?.get('plugin-version') ?? '')?.[0];
  if (artifact === undefined || version === undefined) return undefined;
  const group = attribute('group-id');
  return { name: group === undefined ? artifact : `${group}:${artifact}`, version, by: 'manifest' };
}

function artifactOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** `groupId`, `artifactId` and `version` of a file that Maven writes; undefined when one is missing or still a placeholder. */
function parseProperties(text: string): Coordinates | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const divider = line.search(/[=:]/);
    if (divider <= 0 || /^\s*[#!]/.test(line)) continue;
    values.set(line.slice(0, divider).trim(), line.slice(divider + 1).trim());
  }
  const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((key) => values.get(key) ?? '');
  const isKnown = [group, artifact, version].every(
    (value) => value !== undefined && value !== '' && !value.includes('${'),
  );
  return isKnown ? { name: `${group}:${artifact}`, version: version ?? '' } : undefined;
}

/** Attributes of the main section (JAR File Specification): a line that begins with a space goes on with the one before. */
function parseManifest(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let key = '';
  let value = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.startsWith(' ')) {
      value += line.slice(1);
      continue;
    }
    if (key !== '') values.set(key, value.trim());
    const colon = line.indexOf(':');
    key = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : '';
    value = line.slice(colon + 1);
    if (line === '' && values.size > 0) break;
  }
  if (key !== '') values.set(key, value.trim());
  return values;
}

/** `artifact-1.2.3[-classifier]`. */
const fileNamePattern = /^(?<artifact>[A-Za-z][\w.-]*?)-(?<version>\d[\w.+-]*)$/;

function fromManifest(
  manifest: ReadonlyMap<string, string> | undefined,
  bare: string,
  zip: ZipFile,
): JarIdentity | undefined {
  const byName = bare.length > 512 ? undefined : fileNamePattern.exec(bare)?.groups;
  const written = ['bundle-version', 'implementation-version', 'specification-version']
    .map((key) => manifest?.get(key))
    .find((value) => value !== undefined && /^\d[\w.+-]*$/.test(value));
  const version = byName?.['version'] ?? written;
  if (version === undefined) return undefined;
  // `org.apache.commons.lang3;singleton:=true`
  const symbolic = manifest?.get('bundle-symbolicname')?.split(';')[0]?.trim();
  const artifact = byName?.['artifact'] ?? symbolic?.slice(symbolic.lastIndexOf('.') + 1) ?? bare;
  const by = byName === undefined || written !== undefined ? 'manifest' : 'file name';
  const known = knownGroup(artifact, version, zip.members);
  if (known !== undefined) return { name: `${known}:${artifact}`, version, by };
  const guessed = groupOf(manifest, symbolic, artifact);
  if (guessed === undefined) return { name: artifact, version, by };
  return { name: `${guessed}:${artifact}`, version, by, isGroupGuessed: true };
}

/**
 * The symbolic name of `log4j-core` is the group and the last part of the artifact, `org.apache.logging.log4j.core`; else a vendor id that is a
 * domain turned round; else the symbolic name up to the artifact.
 */
function groupOf(
  manifest: ReadonlyMap<string, string> | undefined,
  symbolic: string | undefined,
  artifact: string,
): string | undefined {
  const [, group = '', stem, last] = /^((?:[\w-]+\.)+([\w-]+))\.([\w-]+)$/.exec(symbolic?.slice(0, 512) ?? '') ?? [];
  if (artifact === `${stem}-${last}`) return group;
  const vendor = manifest?.get('implementation-vendor-id');
  if (vendor !== undefined && /^[a-z]\w*(?:\.[\w-]+)+$/i.test(vendor)) return vendor;
  if (symbolic === undefined) return undefined;
  for (const divider of ['.', '-']) {
    if (symbolic.endsWith(`${divider}${artifact}`)) return symbolic.slice(0, -artifact.length - 1);
  }
  return undefined;
}
