import type { FileTree } from '../../tree/tree.ts';
import { readStanzas } from '../../packages/stanzas.ts';

const statusFile = '/var/lib/dpkg/status';
const maxStatusBytes = 2 ** 28;
const fields: ReadonlySet<string> = new Set(['package', 'status', 'conffiles']);

/** A configuration file of a package that was removed, as dpkg delivered it. */
export interface LeftFile {
  readonly package: string;
  /** MD5, lower case. */
  readonly hex: string;
}

/** Configuration that packages left behind when they were removed, but not purged (dpkg(1), `config-files`), by path; of wanted paths only. */
export function leftConfiguration(tree: FileTree, wanted: ReadonlySet<string>): ReadonlyMap<string, LeftFile> {
  const left = new Map<string, LeftFile>();
  const text = tree.read(statusFile, maxStatusBytes)?.toString('utf8') ?? '';
  if (!text.includes(' config-files')) return left;
  for (const stanza of readStanzas(text, fields)) {
    if (!(stanza.fields.get('status') ?? '').endsWith(' config-files')) continue;
    for (const line of (stanza.fields.get('conffiles') ?? '').split('\n')) {
      const { path = '', hex = '' } = /^\s*(?<path>\/.*) (?<hex>[\da-f]{32})$/i.exec(line)?.groups ?? {};
      if (wanted.has(path)) left.set(path, { package: stanza.fields.get('package') ?? '', hex: hex.toLowerCase() });
    }
  }
  return left;
}
