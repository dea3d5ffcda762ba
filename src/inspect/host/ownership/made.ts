import type { FileTree, TreeEntry } from '../../tree/tree.ts';
import { nameOf, normalPath } from '../../tree/tree.ts';

const infoFolder = '/var/lib/dpkg/info';
const maxScriptBytes = 2 ** 20;
const scriptPattern = /\.(?:preinst|postinst|config|triggers)$/;
/** Absolute paths below folders in which programs of packages write settings. */
const pathPattern = /\/(?:etc|usr|var|lib|boot|root)\/[\w./+@:-]{2,200}/g;
/** What pam-auth-update(8) writes: its own list, which stands in its program. */
const pamFiles = ['auth', 'account', 'password', 'session', 'session-noninteractive'];

/**
 * Files that no package lists, but that its scripts or tools write when it is set up, with the package: named in maintainer
 * scripts, registered with ucf, links of update-alternatives(1), the stack of pam-auth-update. What such a file holds is judged all the same: anybody may have
 * changed it since.
 */
export function filesMadeByPackages(tree: FileTree): Map<string, string> {
  const made = new Map<string, string>();
  for (const entry of tree.list(infoFolder)) {
    if (entry.type !== 'file' || !scriptPattern.test(entry.path)) continue;
    addMentioned(made, tree.read(entry.path, maxScriptBytes), nameOf(entry.path).replace(/(?::\w+)?\.\w+$/, ''));
  }
  for (const folder of ['/lib/apk/db', '/usr/lib/apk/db']) {
    // An uncompressed archive: paths can be seen in it as they are.
    addMentioned(made, tree.read(`${folder}/scripts.tar`, 2 ** 24), 'apk');
  }
  for (const line of linesOf(tree, '/var/lib/ucf/hashfile')) {
    const path = /^[0-9a-f]{32}\s+(?<path>\/.+)$/.exec(line)?.groups?.['path'];
    if (path !== undefined) made.set(normalPath(path), 'ucf');
  }
  for (const entry of tree.list('/var/lib/dpkg/alternatives')) addAlternative(made, tree, entry);
  if (tree.lstat('/usr/sbin/pam-auth-update') !== undefined || tree.lstat('/usr/share/pam-configs') !== undefined) {
    for (const name of pamFiles) made.set(`/etc/pam.d/common-${name}`, 'libpam-runtime');
  }
  return made;
}

function addMentioned(made: Map<string, string>, bytes: Buffer | undefined, name: string): void {
  for (const [path] of (bytes?.toString('latin1') ?? '').matchAll(pathPattern)) {
    const clean = normalPath(path.replace(/[.:]+$/, ''));
    if (!made.has(clean)) made.set(clean, name);
  }
}

/** Status, master link, then pairs of slave name and link up to an empty line. */
function addAlternative(made: Map<string, string>, tree: FileTree, entry: TreeEntry): void {
  const lines = linesOf(tree, entry.path);
  const name = nameOf(entry.path);
  made.set(`/etc/alternatives/${name}`, 'dpkg');
  made.set(normalPath(lines[1] ?? ''), 'dpkg');
  for (let at = 2; at + 1 < lines.length && lines[at] !== ''; at += 2) {
    made.set(`/etc/alternatives/${lines[at]}`, 'dpkg');
    made.set(normalPath(lines[at + 1] ?? ''), 'dpkg');
  }
}

function linesOf(tree: FileTree, path: string): string[] {
  return (tree.read(path, maxScriptBytes)?.toString('utf8') ?? '').split('\n');
}
