import { readStanzas } from '../stanzas.ts';

/** What an archive of packages offers: the newest version of each by name and architecture. */
export interface ArchiveIndex {
  readonly type: 'deb' | 'apk';
  /** The index as a person calls it: its suite, or its path. */
  readonly suite: string;
  /** An archive of nothing but security updates; undefined where archives are not told apart (Alpine). */
  readonly isSecurity: boolean | undefined;
  readonly versions: ReadonlyMap<string, string>;
}

const maxPackages = 2_000_000;

/** Whether a text is a `Packages` of Debian or an `APKINDEX` of Alpine. */
export function isArchiveIndex(head: string): boolean {
  return /^(?:Package: \S+\r?$[^]*?^(?:Filename|Version): |C:Q1\S+\r?$[^]*?^V:)/m.test(head);
}

/** Reads an index; `path` tells the suite, where a mirror or apt has it in the name. */
export function readArchiveIndex(text: string, path: string): ArchiveIndex {
  const suite = suiteOf(path);
  if (/^C:Q1/m.test(text.slice(0, 4096))) {
    return { type: 'apk', suite, isSecurity: undefined, versions: newest(apkPackages(text)) };
  }
  return { type: 'deb', suite, isSecurity: /security/.test(path), versions: newest(debPackages(text)) };
}

/** Of a mirror `…/dists/bookworm-security/main/…`, of apt's lists `…_dists_bookworm-security_main_…`, of Alpine's `/v3.19/main/`. */
function suiteOf(path: string): string {
  const groups =
    /(?:dists[/_](?<deb>[\w.+-]+?)(?:[/_](?:updates|main|universe|contrib|non-free|restricted|multiverse)|\/))|\/(?<apk>v\d+\.\d+|edge)\//.exec(
      path,
    )?.groups;
  return groups?.['deb'] ?? groups?.['apk'] ?? path.slice(path.lastIndexOf('/') + 1);
}

interface Offered {
  readonly key: string;
  readonly version: string;
}

/** Packages for all architectures are offered to each. */
export function archiveKey(name: string, architecture: string | undefined): string {
  return `${name}\0${architecture ?? 'all'}`;
}

function* debPackages(text: string): Generator<Offered> {
  for (const { fields } of readStanzas(text)) {
    const [name, version] = [fields.get('package'), fields.get('version')];
    if (name === undefined || version === undefined) continue;
    yield { key: archiveKey(name, fields.get('architecture')), version };
  }
}

function* apkPackages(text: string): Generator<Offered> {
  let [name, version, architecture] = ['', '', ''];
  for (const line of text.split('\n')) {
    if (line === '' && name !== '') {
      yield { key: archiveKey(name, architecture), version };
      [name, version, architecture] = ['', '', ''];
    } else if (line.startsWith('P:')) name = line.slice(2);
    else if (line.startsWith('V:')) version = line.slice(2);
    else if (line.startsWith('A:')) architecture = line.slice(2);
  }
}

/** An index of Debian has the newest last, where it has several. */
function newest(offered: Iterable<Offered>): Map<string, string> {
  const versions = new Map<string, string>();
  for (const { key, version } of offered) {
    if (versions.size >= maxPackages) break;
    versions.set(key, version);
  }
  return versions;
}
