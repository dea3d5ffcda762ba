import type { FileTree } from '../../../tree/tree.ts';
import { iniEntries } from '../../ini.ts';
import { readLines } from '../../locations.ts';

const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** A unit that a rule has systemd start for a device, and where it stands. */
export interface WantedUnit {
  readonly name: string;
  readonly path: string;
  readonly commands: string;
}

/** Units in the setting `SYSTEMD_WANTS` of a rule (systemd.device(5)) that are there. */
export function wantedUnits(rule: string, tree: FileTree): WantedUnit[] {
  const names = /ENV\{SYSTEMD_(?:USER_)?WANTS\}\s*\+?=\s*"(?<names>[^"]{1,1000})"/.exec(rule)?.groups?.['names'] ?? '';
  return names.split(/\s+/).flatMap((name) => {
    const file = name.replace(/@.*\.service$/, '@.service');
    const path = folders.map((folder) => `${folder}/${file}`).find((at) => tree.stat(at)?.type === 'file');
    if (file === '' || path === undefined) return [];
    const entries = [...iniEntries(readLines(tree, path))].filter(({ key }) => /^ExecStart(?:Pre|Post)?$/.test(key));
    return [{ name, path, commands: entries.map(({ value }) => value.replace(/^[-@:+!|]+/, '')).join('\n') }];
  });
}
