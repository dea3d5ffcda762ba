import { contentSigns } from '../../../../match/commands/signs.ts';
import { filesAt, filesIn, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { tools, type Tool } from './tools.ts';

/** Commands of one file that are judged. */
const maxCommands = 200;
/** Weights of what the whole file says that are told beside its commands: weaker ones are how people set their tools. */
const leastWeight = 0.5;

export const technique = defineTechnique({
  id: 'tool-settings',
  title: 'Commands in the settings of tools',
  description:
    'Editors, debuggers, terminals, downloaders, package managers of languages and command lines of databases read settings when somebody starts them, and some settings run a command, write what is fetched over a file, or take packages from an address that nobody vouches for. Counted by what it runs: many people have their tools start others.',
  places: [
    '~/.vimrc, ~/.vim/plugin/*, ~/.config/nvim/**',
    '~/.emacs, ~/.emacs.d/init.el',
    '~/.tmux.conf, ~/.screenrc, ~/.lessfilter',
    '~/.gdbinit, ~/.psqlrc, ~/.inputrc',
    '~/.ipython/profile_default/startup/*, ~/.irbrc, ~/.Rprofile',
    '~/.curlrc, ~/.wgetrc, ~/.npmrc, pip.conf, ~/.cargo/config.toml, ~/.m2/settings.xml',
    '/etc/vim/vimrc.local and their like',
  ],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/'],
  *find(context) {
    const { tree, accounts } = context;
    const homes = [...accounts.homes().keys()];
    for (const tool of tools) {
      const below = (names: readonly string[] = []): string[] =>
        homes.flatMap((home) => names.map((name) => `${home}/${name}`));
      const files = [
        ...filesAt(tree, [...(tool.system ?? []), ...below(tool.files)]),
        ...filesIn(tree, [...(tool.systemFolders ?? []), ...below(tool.folders)]),
      ];
      for (const { path } of files) yield* itemsOf(tool, path, context);
    }
  },
});

function* itemsOf(
  { name, pattern, weight, doors = [] }: Tool,
  path: string,
  { tree, accounts }: HostContext,
): Generator<PersistenceItem> {
  const text = readLines(tree, path);
  const { commands, first } = commandsIn(text, pattern);
  const opened = openDoors(text, doors);
  const said = contentSigns(text).filter((sign) => sign.weight >= leastWeight && !sign.what.startsWith('runs what '));
  if (commands.length === 0 && said.length === 0 && opened.length === 0) return;
  yield {
    path,
    line: text.slice(0, first ?? opened[0]?.index ?? 0).split('\n').length,
    title: `settings of ${name}`,
    runs: commands.join('\n'),
    user: accounts.atHome(path)?.name ?? 'everybody',
    unowned: 0.05,
    signs: [
      { what: 'start a program', value: commands[0] ?? path, weight: commands.length === 0 ? 0 : weight },
      ...opened.map(({ sign }) => sign),
      ...said,
    ],
  };
}

/** Commands that a pattern finds, and where the first stands. */
function commandsIn(text: string, pattern: RegExp): { readonly commands: string[]; readonly first?: number } {
  const commands: string[] = [];
  let first: number | undefined;
  for (const { groups, index } of text.matchAll(pattern)) {
    const command = groups?.['command'] ?? groups?.['double'] ?? groups?.['single'];
    if (command === undefined || commands.length >= maxCommands) continue;
    first ??= index;
    commands.push(command.replaceAll(/\\C-\w/g, ' '));
  }
  return first === undefined ? { commands } : { commands, first };
}

interface OpenDoor {
  readonly index: number;
  readonly sign: Sign;
}

function openDoors(text: string, doors: NonNullable<Tool['doors']>): OpenDoor[] {
  return doors.flatMap(({ pattern, what, weight }) => {
    const hit = pattern.exec(text);
    return hit === null ? [] : [{ index: hit.index, sign: { what, value: hit[0].trim().slice(0, 120), weight } }];
  });
}
