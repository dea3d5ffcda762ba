import { normalPath, type FileTree } from '../../../tree/tree.ts';
import type { Account } from '../../accounts.ts';
import { filesIn, plainLines, readLines } from '../../locations.ts';

/** Values of AuthorizedKeysFile in sshd's settings, all of them whatever block they stand in; else its default. */
export function keyFileTemplates(tree: FileTree): string[] {
  const files = ['/etc/ssh/sshd_config', ...[...filesIn(tree, ['/etc/ssh/sshd_config.d'])].map(({ path }) => path)];
  const found = files.flatMap((path) =>
    [...plainLines(readLines(tree, path))].flatMap(({ text }) => {
      const value = /^AuthorizedKeysFile[\s=]+(?<value>.+)$/i.exec(text)?.groups?.['value'];
      return value === undefined ? [] : value.split(/\s+/).map((part) => part.replaceAll('"', ''));
    }),
  );
  return [...new Set([...found.filter((value) => value !== 'none'), '.ssh/authorized_keys', '.ssh/authorized_keys2'])];
}

/** `%h` is the home, `%u` the name, `%U` the number; what is not absolute lies below the home (sshd_config(5), TOKENS). */
export function pathOfTemplate(template: string, home: string, { name, uid }: Account): string {
  const filled = template.replaceAll(
    /%[%hUu]/g,
    (token) => ({ '%h': home, '%u': name, '%U': String(uid) })[token] ?? '%',
  );
  return normalPath(filled.startsWith('/') ? filled : `${home}/${filled}`);
}
