import type { OwnedFile } from '../../packages/package.ts';
import { readStanzas } from '../../packages/stanzas.ts';
import type { FileTree } from '../../tree/tree.ts';

const statusFile = '/var/lib/dpkg/status';
const maxStatusBytes = 2 ** 28;
const fields: ReadonlySet<string> = new Set(['package', 'status', 'version', 'conffiles']);

/** What is left of a package. */
export interface LeftPackage {
  readonly name: string;
  /** Another than the one it had when it was installed, so that purging and installing it again are told from nothing. */
  readonly version: string;
  /** Its configuration, with the MD5 as it was delivered. */
  readonly files: readonly OwnedFile[];
}

/** Packages that were removed, but not purged (dpkg(1), `config-files`): they are not installed any more, and still own their configuration. */
export function* leftPackages(tree: FileTree): Generator<LeftPackage> {
  const text = tree.read(statusFile, maxStatusBytes)?.toString('utf8') ?? '';
  if (!text.includes(' config-files')) return;
  for (const stanza of readStanzas(text, fields)) {
    const name = stanza.fields.get('package') ?? '';
    if (name === '' || !(stanza.fields.get('status') ?? '').endsWith(' config-files')) continue;
    const files = (stanza.fields.get('conffiles') ?? '').split('\n').flatMap((line) => fileOf(line) ?? []);
    yield { name, version: `${stanza.fields.get('version') ?? ''} (configuration left)`, files };
  }
}

function fileOf(line: string): OwnedFile | undefined {
  const { path, hex } = /^\s*(?<path>\/.*) (?<hex>[\da-f]{32})$/i.exec(line)?.groups ?? {};
  if (path === undefined || hex === undefined) return undefined;
  return { path, digest: { algorithm: 'md5', hex: hex.toLowerCase() }, isConfig: true };
}
