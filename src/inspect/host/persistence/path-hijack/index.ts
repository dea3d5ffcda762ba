import { nameOf, parentOf } from '../../../tree/tree.ts';
import { isElf, readLines } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Searched before the folders of packages. */
const earlyFolders = new Set(['/usr/local/sbin', '/usr/local/bin', '/root/bin', '/root/.local/bin']);
const homeFolder = /^\/home\/[^/]+\/(?:bin|\.local\/bin)$/;
const lateFolders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** What people type to look around, to log in and to become root. Nobody installs another one beside it but to change what it says. */
const guarded = new Set([
  'ls',
  'ps',
  'ss',
  'netstat',
  'lsof',
  'top',
  'htop',
  'who',
  'w',
  'last',
  'id',
  'whoami',
  'find',
  'cat',
  'grep',
  'sudo',
  'su',
  'ssh',
  'scp',
  'sftp',
  'sshd',
  'passwd',
  'login',
  'doas',
  'crontab',
  'systemctl',
  'service',
  'journalctl',
  'iptables',
  'nft',
  'ip',
  'ifconfig',
  'kill',
  'pgrep',
  'pkill',
  'stat',
  'du',
  'df',
  'lsmod',
  'modprobe',
  'chattr',
  'lsattr',
  'md5sum',
  'sha256sum',
  'dpkg',
  'apt',
  'apt-get',
  'rpm',
  'auditctl',
  'ausearch',
  'dmesg',
  'mount',
  'kubectl',
  'docker',
  'bash',
  'sh',
  'env',
]);

export const technique = defineTechnique({
  id: 'path-hijack',
  title: 'Commands that stand before those of packages',
  description:
    'Programs in /usr/local or a home with the name of a packaged command: shells find them first. Newer interpreters and tools stand there by right; a second ls, sudo or ssh does not.',
  places: ['/etc/alternatives/*', '/usr/local/{bin,sbin}/*', '~/bin/*', '~/.local/bin/*'],
  attack: ['T1574.007'],
  guide: ['B11', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1574/007/'],
  wants: ({ path, type, mode }) => {
    if ((type !== 'file' || (mode & 0o111) === 0) && type !== 'symlink') return false;
    const folder = parentOf(path);
    return guarded.has(nameOf(path)) && (earlyFolders.has(folder) || homeFolder.test(folder));
  },
  *find({ tree, ownership, accounts }, wanted) {
    for (const { path, type } of tree.list('/etc/alternatives')) {
      const end = type === 'symlink' ? tree.stat(path) : undefined;
      if (end?.type !== 'file' || ownership.standing(end.path).kind !== 'unowned') continue;
      // Other compilers and runtimes stand in /opt by right.
      yield {
        path,
        rule: 'alternative',
        title: 'command that is a link',
        targets: [end.path],
        user: 'root',
        unowned: 0.1,
      };
    }
    for (const { path } of wanted) {
      const name = nameOf(path);
      const packaged = lateFolders
        .map((folder) => `${folder}/${name}`)
        .find((at) => ownership.ownerOf(at) !== undefined);
      const real = tree.stat(path)?.path;
      if (packaged === undefined || real === undefined || ownership.standing(real).kind === 'packaged') continue;
      const isProgram = isElf(tree.read(path, 4) ?? Buffer.alloc(0));
      const signs: Sign[] = [
        { what: 'is found before the command of a package', value: packaged, weight: isProgram ? 0.3 : 0.5 },
      ];
      yield {
        path,
        title: isProgram ? 'program' : 'script',
        runs: readLines(tree, path),
        user: accounts.atHome(path)?.name ?? 'root',
        unowned: 0.1,
        signs,
      };
    }
  },
});
