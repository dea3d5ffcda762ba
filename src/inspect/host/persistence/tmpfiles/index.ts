import { filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const folders = ['/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/local/lib/tmpfiles.d', '/usr/lib/tmpfiles.d'];
const userFolders = ['/etc/user-tmpfiles.d', '/run/user-tmpfiles.d', '/usr/share/user-tmpfiles.d'];
const accountFolders = ['/etc/sysusers.d', '/run/sysusers.d', '/usr/local/lib/sysusers.d', '/usr/lib/sysusers.d'];

/** What grants access or is run by somebody: nothing that is made anew at each start should be among it. */
const telling =
  /^(?:\/etc\/(?:passwd|shadow|gshadow|group|sudoers(?:\.d\/|$)|cron|anacrontab|ld\.so\.|pam\.d\/|security\/|ssh\/|profile|bash|environment|rc\.local|init\.d\/|systemd\/|modprobe\.d\/|modules|udev\/|polkit-1\/|apt\/|hosts\.(?:equiv|allow)|nsswitch)|\/var\/spool\/cron\/|\/usr\/(?:local\/)?(?:s?bin|lib(?:64)?\/(?:systemd|security|udev))\/|\/s?bin\/|\/proc\/sys\/kernel\/(?:core_pattern|modprobe|hotplug|poweroff_cmd)|\/sys\/kernel\/uevent_helper)|\/\.ssh\/|\/\.(?:bash|profile|zsh|config\/(?:autostart|systemd)\/)/;
/** Members of these can become root. */
const strongGroups = new Set(['root', 'sudo', 'wheel', 'admin', 'docker', 'lxd', 'disk', 'shadow', 'adm', 'kmem']);

export const technique = defineTechnique({
  id: 'tmpfiles',
  title: 'Files and accounts that are made at each start',
  description:
    'Lines of tmpfiles.d and sysusers.d, by which systemd makes files, links, modes and accounts at each start: those that make a program set-user-id, write where access is granted or code is run, open such a file to others, or make a second root. They bring back what somebody removed.',
  places: ['/{etc,run,usr/lib}/tmpfiles.d/*', '~/.config/user-tmpfiles.d/*', '/{etc,run,usr/lib}/sysusers.d/*'],
  attack: ['T1543', 'T1136.001', 'T1548.001'],
  guide: ['B09', 'B11'],
  references: [
    'https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html',
    'https://www.freedesktop.org/software/systemd/man/latest/sysusers.d.html',
  ],
  *find({ tree, accounts }) {
    const isSetting = (name: string): boolean => name.endsWith('.conf');
    const homes = [...accounts.homes().keys()].flatMap((home) => [
      `${home}/.config/user-tmpfiles.d`,
      `${home}/.local/share/user-tmpfiles.d`,
    ]);
    for (const { path } of filesIn(tree, [...folders, ...userFolders, ...homes], isSetting)) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const item = fileOf(text);
        if (item !== undefined) yield { path, line, user: accounts.atHome(path)?.name ?? 'root', ...item };
      }
    }
    for (const { path } of filesIn(tree, accountFolders, isSetting)) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const signs = accountSigns(text);
        if (signs.length > 0) yield { path, line, title: 'account that is made at each start', unowned: 0.2, signs };
      }
    }
  },
});

type Item = Omit<PersistenceItem, 'path'>;

/** `type path mode user group age argument`; undefined for what says nothing. */
function fileOf(text: string): Item | undefined {
  const [word = '', written = '', mode = '', , , , ...more] = wordsOf(text);
  const type = word[0] ?? '';
  const path = written.replaceAll(/%h|%H/g, '');
  const argument = more.join(' ');
  const signs: Sign[] = [...modeSigns(type, path, mode, text)];
  const isWritten = /^[fFwCLpabc]$/.test(type);
  if (isWritten && telling.test(path)) {
    const what = /^[aA]$/.test(type)
      ? 'lets others at a file that grants access'
      : 'writes where access is granted or code is run';
    signs.push({ what, value: text.slice(0, 120), weight: type === 'a' ? 0.5 : 0.65 });
  }
  const linked = (type === 'L' || type === 'C') && argument.startsWith('/') ? [argument] : [];
  if (signs.length === 0 && argument === '') return undefined;
  const title = 'file that is made at each start';
  return { title, unowned: 0.2, signs, targets: linked, ...(linked.length === 0 ? { runs: argument } : {}) };
}

/** Words with their quotes taken away; of the argument the rest of the line as it stands. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"(?<double>[^"]{0,4000})"|'(?<single>[^']{0,4000})'|(?<bare>\S{1,4000})/g)].map(
    ({ groups }) => groups?.['double'] ?? groups?.['single'] ?? groups?.['bare'] ?? '',
  );
}

function* modeSigns(type: string, path: string, mode: string, text: string): Generator<Sign> {
  const bits = Number.parseInt(/[0-7]{3,5}$/.exec(mode)?.[0] ?? '', 8);
  if (Number.isNaN(bits) || /^[dDevqQxXrR]$/.test(type)) return;
  const value = text.slice(0, 120);
  if ((bits & 0o4000) !== 0) yield { what: 'makes a program set-user-id', value, weight: 0.75 };
  if ((bits & 0o002) !== 0 && (bits & 0o1000) === 0 && telling.test(path)) {
    yield { what: 'opens a file that grants access to everybody', value, weight: 0.6 };
  }
}

/** `u name id comment home shell` and `m name group`. */
function accountSigns(text: string): Sign[] {
  const [word = '', name = '', id = '', , , shell = ''] = wordsOf(text);
  if (word.startsWith('m') && strongGroups.has(id)) {
    return [{ what: 'adds an account to a group that leads to root', value: text, weight: id === 'adm' ? 0.2 : 0.65 }];
  }
  if (!word.startsWith('u')) return [];
  const signs: Sign[] = [];
  if (/^0(?::|$)/.test(id) && name !== 'root') signs.push({ what: 'makes a second root', value: text, weight: 0.8 });
  if (/\/(?:ba|da|z|k|a|fi)?sh$/.test(shell) && name !== 'root') {
    signs.push({ what: 'makes an account with a shell', value: text, weight: 0.3 });
  }
  return signs;
}
