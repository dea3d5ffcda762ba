import { iniEntries } from '../../ini.ts';
import { filesIn, isExecutable, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';
import { sessionCommands, sessionScripts } from './sessions.ts';

const folders = [
  '/etc/xdg/autostart',
  '/usr/share/autostart',
  '/usr/share/gnome/autostart',
  '/usr/local/share/autostart',
];

export const technique = defineTechnique({
  id: 'xdg',
  title: 'Autostart of desktops',
  description:
    'Desktop entries, scripts and settings of login screens and window managers that a graphical login starts, for everybody or for one account.',
  places: [
    '/etc/xdg/autostart/*',
    '~/.config/autostart/*',
    '~/.config/plasma-workspace/env/*',
    '~/.xprofile',
    '~/.xsession',
    '~/.xinitrc',
    '/etc/X11/Xsession.d/*',
    '/etc/{gdm,gdm3}/*/*',
    '/etc/{lightdm,sddm.conf.d}/**',
    '~/.config/{i3,sway,hypr,openbox,bspwm,lxsession}/**',
  ],
  attack: ['T1547.013'],
  guide: ['B11'],
  references: [
    'https://specifications.freedesktop.org/autostart-spec/latest/',
    'https://attack.mitre.org/techniques/T1547/013/',
  ],
  *find({ tree, accounts }) {
    const homes = [...accounts.homes().keys()];
    const all = [...folders, ...homes.map((home) => `${home}/.config/autostart`)];
    for (const { path } of filesIn(tree, all, (name) => name.endsWith('.desktop'))) {
      const entries = [...iniEntries(readLines(tree, path))].filter(({ section }) => section === 'Desktop Entry');
      const command = entries.find(({ key }) => key === 'Exec');
      const isOff = entries.some(({ key, value }) => key === 'Hidden' && value === 'true');
      if (command === undefined || isOff) continue;
      const isUnseen = entries.some(({ key, value }) => key === 'NoDisplay' && value === 'true');
      yield {
        path,
        line: command.line,
        title: 'autostart of desktops',
        runs: unquoted(command.value),
        user: accounts.atHome(path)?.name ?? 'everybody',
        unowned: 0.25,
        signs: isUnseen ? [{ what: 'is not shown', value: 'NoDisplay=true', weight: 0.15 }] : [],
      };
    }
    for (const { path, isPackagedOften } of sessionScripts(tree, homes)) {
      const text = readLines(tree, path);
      if (text === '' && !isExecutable(tree, path)) continue;
      yield {
        path,
        title: 'script of graphical logins',
        runs: text,
        user: accounts.atHome(path)?.name ?? 'everybody',
        unowned: isPackagedOften ? 0.2 : 0.1,
      };
    }
    for (const { path, line, command } of sessionCommands(tree, homes)) {
      yield {
        path,
        line,
        title: 'command of graphical logins',
        runs: command,
        user: accounts.atHome(path)?.name ?? 'root',
        unowned: 0.05,
      };
    }
  },
});

/** Field codes such as `%u` are filled in by the desktop. */
function unquoted(command: string): string {
  return command.replaceAll(/%[fFuUick]/g, '');
}
