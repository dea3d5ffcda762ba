import { nameOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { isStandIn } from '../../ownership/stand-in.ts';
import { isElf } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { splitReplaced, type ChangedFile } from './replaced-modules.ts';

/** What nobody runs or loads: a change there is damage, and no backdoor. */
const inertPattern =
  /^\/usr\/(?:share\/(?:doc|doc-base|man|info|locale|i18n|icons|fonts|help|gtk-doc|zoneinfo|mime|pixmaps|sounds|themes|common-licenses|lintian|bug|cracklib|dict|terminfo|unicode|perl|tcltk|vim|emacs|texmf|texlive|groff|gnome|kde4|wallpapers|backgrounds)|include|src|lib\/debug)\/|\/man\/man\d\w*\/|\.(?:gz|h|hpp|png|svg|html?|txt|mo|a|md|css|ttf|otf|pdf|tex|pem|crt|dat|xml|la)$/;
const scriptPattern =
  /\.(?:sh|py|pl|pm|rb|js|mjs|cjs|php|lua|tcl|so(?:\.[\d.]+)?|ko|service|timer|socket|path|conf|rules|desktop|policy)$/;
/** The files of these decide who gets in. */
const entryPattern =
  /\/security\/pam_\w+\.so$|\/(?:sshd|sudo|su|login|ssh|passwd|agetty|cron|systemd|init|sshd-session|dropbear|polkitd|pkexec|doas)$/;
/** Below lib and its like also what has no extension. */
const bareProgramPattern = /^(?:\/usr)?(?:\/local)?\/(?:s?bin|lib(?:32|64|x32|exec)?)\/(?:.*\/)?[^./]+$/;
const programFolders = /^(?:\/usr)?(?:\/local)?\/(?:s?bin|lib(?:32|64|x32|exec)?)\//;
export const technique = defineTechnique({
  id: 'package-mismatch',
  title: 'Files that differ from their package',
  description:
    'Programs, libraries, scripts, units and settings whose digest is not the one that the package database has: dpkg with diversions and configuration files, and apk. Documentation, headers and pictures are not hashed: nobody runs them.',
  places: ['every owned file that something runs, loads or reads as settings'],
  attack: ['T1554'],
  guide: ['B09', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1554/', 'https://man7.org/linux/man-pages/man1/dpkg.1.html'],
  *find(context) {
    const { ownership, tree } = context;
    if (!ownership.isKnown) {
      context.notChecked('files against their packages', 'there is no package database with digests in this tree');
      return;
    }
    const changed: ChangedFile[] = [];
    for (const [path, { file }] of ownership.owned()) {
      if (file.digest === undefined || inertPattern.test(path) || !isRun(path, tree.lstat(path))) continue;
      const standing = ownership.standing(path);
      // What settings say is judged by whoever reads them; here a changed one only says who may have changed it.
      if (standing.kind === 'changed' && !standing.isConfig) changed.push({ path, package: standing.package });
    }
    const { modules, rest } = splitReplaced(changed);
    for (const { path, count, packages } of modules) {
      yield {
        path,
        title: 'module of a package',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [
          {
            what: 'was installed over by another package manager',
            value: `${count} files differ from ${packages}`,
            weight: 0.3,
          },
        ],
      };
    }
    for (const { path, package: owner } of rest) yield itemOf(path, owner, context);
  },
});

/** Whether something runs, loads or reads the file as settings. */
function isRun(path: string, entry: TreeEntry | undefined): boolean {
  if (entry?.type !== 'file' && entry?.type !== 'symlink') return false;
  const isProgram = (entry.mode & 0o111) !== 0 || scriptPattern.test(path) || bareProgramPattern.test(path);
  return isProgram || path.startsWith('/etc/');
}

function itemOf(path: string, owner: string, { tree }: HostContext): PersistenceItem {
  const target = tree.lstat(path)?.target;
  const head = tree.read(path, 256) ?? Buffer.alloc(0);
  const isScript = head.subarray(0, 2).toString('latin1') === '#!';
  if (isStandIn(tree, path)) {
    return {
      path,
      title: 'program of a package',
      unowned: 0,
      changed: 0.25,
      signs: [{ what: 'is the stand-in that debootstrap leaves', value: owner, weight: 0 }],
    };
  }
  const signs: Sign[] = [];
  const isProgram = isElf(head) || isScript || programFolders.test(path);
  if (target !== undefined) signs.push({ what: 'was replaced by a link', value: target, weight: 0.2 });
  if (isScript && wasBinary(tree, path)) {
    signs.push({
      what: 'is a script where a program stood',
      value: head.subarray(0, 60).toString('utf8').split('\n')[0] ?? '',
      weight: 0.4,
    });
  }
  if (entryPattern.test(path)) signs.push({ what: 'decides who gets in', value: nameOf(path), weight: 0.6 });
  return {
    path,
    title: isProgram ? 'program of a package' : 'file of a package',
    ...(isScript ? { runs: tree.read(path, 2 ** 18)?.toString('utf8') ?? '' } : {}),
    unowned: 0,
    changed: isProgram ? 0.9 : 0.6,
    signs,
  };
}

/** Whether the same folder still holds the program under a name made from it, as wrappers need it. */
function wasBinary(tree: FileTree, path: string): boolean {
  return ['.bak', '.orig', '.old', '.real', '.REAL', '.distrib', '-real', '_', '.1'].some((suffix) => {
    const head = tree.read(path + suffix, 4);
    return head !== undefined && isElf(head);
  });
}
