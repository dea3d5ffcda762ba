import { childOf, nameOf } from '../tree/tree.ts';
import { readSections, type IniSection } from './ini.ts';
import type { TableContext } from './table-context.ts';

/** A unit of systemd as its files tell it (systemd.unit(5)); nothing is asked of a running systemd. */
export interface UnitFile {
  /** `ssh.service`. */
  readonly id: string;
  /** Normal path of the file that counts; of a masked unit the link to /dev/null. */
  readonly path: string;
  readonly state: 'enabled' | 'enabled-runtime' | 'disabled' | 'static' | 'masked' | 'linked' | 'alias';
  readonly sections: readonly IniSection[];
}

/** First to last: a file in an earlier folder stands for one of the same name in a later. */
const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/lib/systemd/system',
  '/usr/lib/systemd/system',
];
const unitName = /\.(?:service|socket|timer|path|target|mount|automount|swap|slice|scope)$/;
const maxUnits = 20_000;
const maxUnitBytes = 1 << 20;

/** Units of the system, by name. */
export function readUnitFiles(context: TableContext): UnitFile[] {
  const { tree } = context;
  const files = new Map<string, string>();
  const enabled = new Map<string, 'enabled' | 'enabled-runtime'>();
  for (const folder of folders) {
    for (const { path, type } of tree.list(folder)) {
      const name = nameOf(path);
      if (type === 'directory') noteLinks(path, context, enabled);
      else if (unitName.test(name) && !files.has(name) && files.size < maxUnits) {
        files.set(name, childOf(folder, name));
      }
    }
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, path]) => {
      const sections = readSections((context.text(path, maxUnitBytes) ?? '').split(/\r?\n/));
      return { id, path, state: stateOf(id, path, sections, enabled.get(id), context), sections };
    });
}

/** What stands in `x.wants` and the like below /etc is enabled; below /run until the next start. */
function noteLinks(folder: string, { tree }: TableContext, enabled: Map<string, 'enabled' | 'enabled-runtime'>): void {
  if (!/\.(?:wants|requires|upholds)$/.test(folder)) return;
  const state = folder.startsWith('/etc') ? 'enabled' : folder.startsWith('/run') && 'enabled-runtime';
  if (state === false) return;
  for (const { path } of tree.list(folder)) {
    if (enabled.get(nameOf(path)) !== 'enabled') enabled.set(nameOf(path), state);
  }
}

function stateOf(
  id: string,
  path: string,
  sections: readonly IniSection[],
  enabled: 'enabled' | 'enabled-runtime' | undefined,
  { tree }: TableContext,
): UnitFile['state'] {
  const entry = tree.lstat(path);
  const target = tree.stat(path);
  if (entry?.target === '/dev/null' || target?.size === 0) return 'masked';
  if (enabled !== undefined) return enabled;
  if (entry?.type === 'symlink') return nameOf(target?.path ?? '') === id ? 'linked' : 'alias';
  return sections.some(({ name }) => name === 'Install') ? 'disabled' : 'static';
}

/** The last value of a key in a section; empty when it is not there. */
export function unitValue({ sections }: UnitFile, section: string, key: string): string {
  return sections.findLast(({ name, values }) => name === section && values.has(key))?.values.get(key) ?? '';
}
