import { nameOf, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import type { Accounts } from '../../accounts.ts';
import { iniEntries, type IniEntry } from '../../ini.ts';
import { isMasked, readText } from '../../locations.ts';

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
  readonly dropInOf: string | undefined;
  /** It stands in a home, and runs when its owner logs in. */
  readonly isOfAccount: boolean;
}

const systemRoots = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];
const kinds = ['system', 'user', 'system.control', 'system.attached', 'transient'];
const unitPattern = /\.(?<kind>service|timer|path|socket|mount|automount|target|swap|slice)$/;
const maxUnits = 50_000;

/** Units of the system and of the accounts, drop-ins included, each file once. Masked ones are left out: they start nothing. */
export function readUnits(tree: FileTree, accounts: Accounts): Unit[] {
  const folders = systemRoots.flatMap((root) => kinds.map((kind) => ({ folder: `${root}/${kind}`, user: 'root' })));
  for (const [home, [account]] of accounts.homes()) {
    for (const below of ['.config/systemd/user', '.local/share/systemd/user']) {
      folders.push({ folder: `${home}/${below}`, user: account?.name ?? '' });
    }
  }
  const files: { readonly entry: TreeEntry; readonly user: string; readonly dropInOf: string | undefined }[] = [];
  const enabled = new Map<string, string>();
  const seen = new Set<string>();
  for (const { folder, user } of folders) {
    for (const entry of tree.list(folder)) {
      const name = nameOf(entry.path);
      if (seen.has(entry.path) || files.length >= maxUnits) continue;
      seen.add(entry.path);
      if (entry.type !== 'directory') files.push({ entry, user, dropInOf: undefined });
      else if (/\.(?:wants|requires|upholds)$/.test(name)) addEnabled(tree, entry, enabled);
      else if (name.endsWith('.d')) {
        const dropIns = tree.list(entry.path).filter(({ path }) => path.endsWith('.conf'));
        files.push(...dropIns.map((inner) => ({ entry: inner, user, dropInOf: name.slice(0, -2) })));
      }
    }
  }
  return files.flatMap(({ entry, user, dropInOf }) => readUnit(tree, entry, user, dropInOf, enabled) ?? []);
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
  const entries = [...iniEntries(readText(tree, entry.path))];
  const commands = commandsOf(entries);
  const value = (key: string): string | undefined => entries.findLast((one) => one.key === key)?.value;
  const isStarter = kind === 'timer' || kind === 'path' || kind === 'socket';
  const enabledBy = enabled.get(name);
  return {
    path: entry.path,
    name,
    kind: kind as Unit['kind'],
    line: commands[0]?.line,
    runs: commands.map(({ text }) => text).join('\n'),
    starts: isStarter ? (value('Unit') ?? value('Service') ?? startedBy(name, entries)) : undefined,
    user: value('User') ?? user,
    isEnabled: enabledBy !== undefined,
    enabledBy,
    always: value('Restart') === 'always',
    preload: entries.find(
      (one) => /^(?:Environment|DefaultEnvironment)$/.test(one.key) && /\bLD_(?:PRELOAD|AUDIT)=/.test(one.value),
    )?.value,
    dropInOf,
    isOfAccount: /\/\.(?:config|local\/share)\/systemd\/user\//.test(entry.path),
  };
}

const unitFolderPattern = /\/systemd\/(?:system|user)$/;

/** A socket with `Accept=yes` starts an instance for each connection. */
function startedBy(name: string, entries: readonly IniEntry[]): string {
  const isInstance = entries.some(({ key, value }) => key === 'Accept' && /^(?:yes|true|1|on)$/.test(value));
  return name.replace(/\.\w+$/, isInstance ? '@.service' : '.service');
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
