import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, foldersIn, plainLines, readLines } from '../../locations.ts';

/** A script that a graphical login runs. */
export interface SessionScript {
  readonly path: string;
  /** Packages put scripts there, and people hardly ever. */
  readonly isPackagedOften: boolean;
}

export interface SessionCommand {
  readonly path: string;
  readonly line: number;
  readonly command: string;
}

const systemScripts = ['/etc/xprofile', '/etc/X11/Xsession', '/etc/X11/xinit/xinitrc', '/etc/X11/xdm/Xsetup'];
const systemFolders = ['/etc/X11/Xsession.d', '/etc/X11/xinit/xinitrc.d', '/etc/X11/Xreset.d'];
const stages = ['Init', 'PostLogin', 'PreSession', 'PostSession'];
const displayFolders = ['/etc/gdm3', '/etc/gdm'].flatMap((root) => stages.map((stage) => `${root}/${stage}`));
const homeScripts = [
  '.xprofile',
  '.xsession',
  '.xsessionrc',
  '.xinitrc',
  '.config/openbox/autostart',
  '.config/bspwm/bspwmrc',
];

/** Scripts of X, of display managers and of window managers, for everybody and in homes. */
export function* sessionScripts(tree: FileTree, homes: readonly string[]): Generator<SessionScript> {
  for (const { path } of [...filesAt(tree, systemScripts), ...filesIn(tree, [...systemFolders, ...displayFolders])]) {
    yield { path, isPackagedOften: true };
  }
  const own = homes.flatMap((home) => homeScripts.map((name) => `${home}/${name}`));
  const folders = homes.flatMap((home) => [
    `${home}/.config/plasma-workspace/env`,
    `${home}/.config/autostart-scripts`,
  ]);
  for (const { path } of [...filesAt(tree, own), ...filesIn(tree, folders)]) yield { path, isPackagedOften: false };
}

const managerFiles = ['i3/config', 'sway/config', 'hypr/hyprland.conf'];
const managerPattern = /^exec(?:_always|-once)?\s*=?\s+(?:--no-startup-id\s+)?(?<command>.+)$/;
const displayFiles = ['/etc/lightdm/lightdm.conf', '/etc/sddm.conf'];
const displayFileFolders = ['/etc/lightdm/lightdm.conf.d', '/etc/sddm.conf.d', '/usr/share/lightdm/lightdm.conf.d'];
const displayPattern = /^(?:[\w-]+-script|(?:Display|DisplayStop|Session)Command)\s*=\s*(?<command>\S.*)$/;

/** Commands in the settings of display managers, which root runs, and of window managers. */
export function* sessionCommands(tree: FileTree, homes: readonly string[]): Generator<SessionCommand> {
  for (const { path } of [...filesAt(tree, displayFiles), ...filesIn(tree, displayFileFolders)]) {
    yield* commandsIn(tree, path, displayPattern);
  }
  for (const home of homes) {
    const own = managerFiles.map((name) => `${home}/.config/${name}`);
    for (const { path } of filesAt(tree, own)) yield* commandsIn(tree, path, managerPattern);
    const sessions = [...foldersIn(tree, `${home}/.config/lxsession`)].map(({ path }) => `${path}/autostart`);
    for (const { path } of filesAt(tree, sessions)) yield* commandsIn(tree, path, /^@?(?<command>.+)$/);
  }
}

function* commandsIn(tree: FileTree, path: string, pattern: RegExp): Generator<SessionCommand> {
  for (const { line, text } of plainLines(readLines(tree, path))) {
    const command = pattern.exec(text)?.groups?.['command'];
    if (command !== undefined) yield { path, line, command };
  }
}
