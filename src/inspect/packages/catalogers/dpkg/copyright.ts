import { decodeUtf8 } from '../../../../base/bytes.ts';
import type { FileTree } from '../../../tree/tree.ts';

const maxBytes = 2 ** 20;
const maxLicenses = 64;

/**
 * Licences that `usr/share/doc/NAME/copyright` names: the short names of a machine-readable one (DEP-5), else the texts of
 * `/usr/share/common-licenses` that it refers to. Each once, in the order in which they come.
 */
export function licensesOf(tree: FileTree, name: string): string[] {
  const bytes = tree.read(`/usr/share/doc/${name}/copyright`, maxBytes);
  return bytes === undefined ? [] : licensesIn(decodeUtf8(bytes));
}

function licensesIn(text: string): string[] {
  const licenses = new Set<string>();
  for (const line of text.split('\n')) {
    const short = /^License:\s*(?<name>\S.*)$/i.exec(line.slice(0, 256))?.groups?.['name']?.trim();
    if (short !== undefined && licenses.size < maxLicenses) licenses.add(short);
  }
  if (licenses.size > 0) return [...licenses];
  for (const { groups } of text.matchAll(/\/usr\/share\/common-licenses\/(?<name>[A-Za-z][\w.+-]{0,60}\w)/g)) {
    if (licenses.size < maxLicenses) licenses.add(groups?.['name'] ?? '');
  }
  return [...licenses];
}
