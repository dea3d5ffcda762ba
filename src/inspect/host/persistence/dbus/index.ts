import { iniEntries } from '../../ini.ts';
import { filesIn, readLines } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const systemFolders = [
  '/usr/share/dbus-1/system-services',
  '/usr/local/share/dbus-1/system-services',
  '/etc/dbus-1/system-services',
  '/run/dbus-1/system-services',
];
const sessionFolders = ['/usr/share/dbus-1/services', '/usr/local/share/dbus-1/services', '/etc/dbus-1/services'];
const policyFolders = ['/etc/dbus-1/system.d', '/usr/share/dbus-1/system.d', '/etc/dbus-1/session.d'];

export const technique = defineTechnique({
  id: 'dbus',
  title: 'Services that D-Bus starts',
  description:
    'Services that the bus starts as root or as an account as soon as somebody asks for their name, and policies that let everybody own or ask everything.',
  places: [
    '/usr/share/dbus-1/{system-services,services}/*',
    '~/.local/share/dbus-1/services/*',
    '/etc/dbus-1/system.d/*',
  ],
  attack: ['T1543'],
  guide: ['B11'],
  references: ['https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus-starting-services'],
  *find({ tree, accounts }) {
    const homes = [...accounts.homes().keys()].map((home) => `${home}/.local/share/dbus-1/services`);
    for (const { path } of filesIn(tree, [...systemFolders, ...sessionFolders, ...homes], (name) =>
      name.endsWith('.service'),
    )) {
      const entries = [...iniEntries(readLines(tree, path))];
      const command = entries.find(({ key }) => key === 'Exec');
      if (command === undefined || command.value === '/bin/false') continue;
      const isSystem = systemFolders.some((folder) => path.startsWith(`${folder}/`));
      const user =
        entries.find(({ key }) => key === 'User')?.value ?? (isSystem ? 'root' : (accounts.atHome(path)?.name ?? ''));
      const signs: Sign[] =
        user === 'root'
          ? [{ what: 'is started as root when somebody asks for it', value: command.value, weight: 0.15 }]
          : [];
      yield {
        path,
        line: command.line,
        title: 'service that D-Bus starts',
        runs: command.value,
        user,
        unowned: 0.3,
        signs,
      };
    }
    for (const { path } of filesIn(tree, policyFolders, (name) => name.endsWith('.conf'))) {
      const text = readLines(tree, path).replaceAll(/<!--[\s\S]{0,20000}?-->/g, '');
      const open =
        /<policy\s+context="default">(?:(?!<\/policy>)[\s\S]){0,4000}?<allow\s+own="\*?"?\s*\/?>?|<allow\s+(?:own|send_destination)="\*"/.exec(
          text,
        )?.[0];
      yield {
        path,
        title: 'policy of D-Bus',
        unowned: 0.1,
        signs:
          open === undefined
            ? []
            : [{ what: 'lets everybody own or ask everything', value: open.slice(-80), weight: 0.5 }],
      };
    }
  },
});
