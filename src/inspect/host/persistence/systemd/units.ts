import { nameOf, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { iniEntries, type IniEntry } from '../../ini.ts';
import { isMasked, readLines } from '../../locations.ts';
import type { HostContext } from '../../technique.ts';

/** One unit file or drop-in that does something when its unit is started. */
export interface Unit {
  readonly path: string;
  /** Of a drop-in its own file name. */
  readonly name: string;
  readonly kind: 'service' | 'timer' | 'path' | 'socket' | 'mount' | 'automount' | 'target' | 'swap' | 'slice';
  /** Line of the first command. */
  readonly line: number | undefined;
  /** Commands of all Exec… settings, one on each line, without systemd's prefixes. */
  readonly runs: string;
  /** Unit that a timer, path or socket starts. */
  readonly starts: string | undefined;
  readonly user: string;
  /** A link below some `.wants` or `.requires` folder leads to it. */
  readonly isEnabled: boolean;
  readonly enabledBy: string | undefined;
  readonly always: boolean;
  /** LD_PRELOAD or LD_AUDIT in its environment. */
  readonly preload: string | undefined;
  /** Other variables in its environment that have an interpreter load code. */
  readonly loader: string | undefined;
  /** Files that it takes its environment from. */
  readonly environmentFiles: readonly string[];
  /** What it is connected to before its command runs is a socket (`StandardInput=socket`). */
  readonly isOnSocket: boolean;
  readonly dropInOf: string | undefined;
  /** It stands in a home, and runs when its owner logs in. */
  readonly isOfAccount: boolean;
}

const systemRoots = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];
const kinds = ['system', 'user', 'system.control', 'system.attached', 'transient'];
const unitPattern = /\.(?<kind>service|timer|path|socket|mount|automount|target|swap|slice)$/;
const maxUnits = 50_000;

type UnitContext = Pick<HostContext, 'tree' | 'accounts' | 'notChecked'>;

/** Units of the system and of the accounts, drop-ins included, each file once. Masked ones are left out: they start nothing. */
export function readUnits({ tree, accounts, notChecked }: UnitContext): Unit[] {
  const folders = systemRoots.flatMap((root) => kinds.map((kind) => ({ folder: `${root}/${kind}`, user: 'root' })));
  for (const [home, [account]] of accounts.homes()) {
    for (const below of ['.config/systemd/user', '.local/share/systemd/user']) {
      folders.push({ folder: `${home}/${below}`, user: account?.name ?? '' });
    }
  }
  const files: { readonly entry: TreeEntry; readonly user: string; readonly dropInOf: string | undefined }[] = [];
  const enabled = new Map<string, string>();
  const seen = new Set<string>();
  const units = (): Unit[] =>
    files.flatMap(({ entry, user, dropInOf }) => readUnit(tree, entry, user, dropInOf, enabled) ?? []);
  for (const { folder, user } of folders) {
    for (const entry of tree.list(folder)) {
      const name = nameOf(entry.path);
      if (seen.has(entry.path)) continue;
      if (files.length >= maxUnits) {
        notChecked(`units of systemd from ${folder} on`, `more than ${maxUnits}`);
        return units();
      }
      seen.add(entry.path);
      if (entry.type !== 'directory') files.push({ entry, user, dropInOf: undefined });
      else if (/\.(?:wants|requires|upholds)$/.test(name)) addEnabled(tree, entry, enabled);
      else if (name.endsWith('.d')) {
        const dropIns = tree.list(entry.path).filter(({ path }) => path.endsWith('.conf'));
        files.push(...dropIns.map((inner) => ({ entry: inner, user, dropInOf: name.slice(0, -2) })));
      }
    }
  }
  return units();
}

function addEnabled(tree: FileTree, folder: TreeEntry, enabled: Map<string, string>): void {
  for (const { path } of tree.list(folder.path)) enabled.set(nameOf(path), nameOf(folder.path));
}

/** What a unit is set to do. A link is read where it leads to another folder of units only by its target, which is listed itself. */
function readUnit(
  tree: FileTree,
  entry: TreeEntry,
  user: string,
  dropInOf: string | undefined,
  enabled: ReadonlyMap<string, string>,
): Unit | undefined {
  const name = nameOf(entry.path);
  const kind = unitPattern.exec(dropInOf ?? name)?.groups?.['kind'] ?? (dropInOf === undefined ? undefined : 'service');
  if (kind === undefined || isMasked(entry)) return undefined;
  if (entry.type === 'symlink' && unitFolderPattern.test(parentOf(tree.stat(entry.path)?.path ?? '/'))) {
    return undefined;
  }
  const entries = [...iniEntries(readLines(tree, entry.path))];
  const commands = commandsOf(entries);
  const value = (key: string): string | undefined => entries.findLast((one) => one.key === key)?.value;
  const enabledBy = enabled.get(name);
  return {
    path: entry.path,
    name,
    kind: kind as Unit['kind'],
    line: commands[0]?.line,
    runs: commands.map(({ text }) => text).join('\n'),
    starts: startsOf(kind, name, entries),
    user: value('User') ?? user,
    isEnabled: enabledBy !== undefined,
    enabledBy,
    always: value('Restart') === 'always',
    ...environmentOf(entries),
    isOnSocket: /^socket$/.test(value('StandardInput') ?? ''),
    dropInOf,
    isOfAccount: /\/\.(?:config|local\/share)\/systemd\/user\//.test(entry.path),
  };
}

function environmentOf(entries: readonly IniEntry[]): Pick<Unit, 'preload' | 'loader' | 'environmentFiles'> {
  const variable = (pattern: RegExp): string | undefined =>
    entries.find(({ key, value }) => /^(?:Default)?Environment$/.test(key) && pattern.test(value))?.value;
  return {
    preload: variable(/\bLD_(?:PRELOAD|AUDIT)=/),
    loader: variable(
      /\b(?:PYTHON(?:PATH|STARTUP|HOME)|PERL5(?:OPT|LIB|DB)|RUBYOPT|BASH_ENV|ENV|LD_LIBRARY_PATH|GCONV_PATH|NODE_OPTIONS)=/,
    ),
    environmentFiles: entries
      .filter(({ key }) => key === 'EnvironmentFile')
      .map(({ value }) => value.replace(/^-/, '')),
  };
}

const unitFolderPattern = /\/systemd\/(?:system|user)$/;

/** The unit that this one starts: a timer, path or socket by its nature, any other when it has ended. */
function startsOf(kind: string, name: string, entries: readonly IniEntry[]): string | undefined {
  const value = (...keys: string[]): string | undefined => entries.findLast((one) => keys.includes(one.key))?.value;
  if (kind !== 'timer' && kind !== 'path' && kind !== 'socket') {
    // The first of several; an instance is one of its template.
    return value('OnFailure', 'OnSuccess')
      ?.split(/\s+/)[0]
      ?.replace(/@.*\.service$/, '@.service');
  }
  // A socket with `Accept=yes` starts an instance for each connection.
  const isInstance = entries.some((one) => one.key === 'Accept' && /^(?:yes|true|1|on)$/.test(one.value));
  return value('Unit') ?? value('Service') ?? name.replace(/\.\w+$/, isInstance ? '@.service' : '.service');
}

/** An empty value takes back what stood before. */
function commandsOf(entries: readonly IniEntry[]): { readonly line: number; readonly text: string }[] {
  let commands: { readonly key: string; readonly line: number; readonly text: string }[] = [];
  for (const { key, value, line } of entries) {
    if (!/^Exec(?:Start|StartPre|StartPost|Condition|Stop|StopPre|StopPost|Reload)$/.test(key)) continue;
    if (value === '') commands = commands.filter((command) => command.key !== key);
    else commands.push({ key, line, text: value.replace(/^[-@:+!|]+/, '') });
  }
  return commands;
}
