import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import type { PackageChange } from './change.ts';

/** A line of apt's `history.log`: what it says holds until the `End-Date` of its run. */
export type HistoryLine = { readonly isSign: boolean } & (
  | { readonly field: 'start' | 'end'; readonly time: Micros; readonly text: string }
  | { readonly field: 'command' | 'user' | 'other'; readonly text: string }
  | { readonly field: 'changes'; readonly text: string; readonly changes: readonly PackageChange[] }
);

const line =
  /^(?<name>Start-Date|End-Date|Commandline|Requested-By|Comment|Error|Install|Reinstall|Upgrade|Downgrade|Remove|Purge): (?<value>.*)$/s;
/** `name:arch (version)`, `(version, automatic)`, `(old, new)`. */
const change = /(?<name>[^\s,():]{1,200})(?::(?<architecture>[\w-]{1,20}))? \((?<details>[^()]{0,300})\)/g;
const maxChanges = 20_000;

/** The parts of a line of apt's history; undefined for any other. */
export function historyLine(text: string): HistoryLine | undefined {
  const parts = line.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { name = '', value = '' } = parts;
  switch (name) {
    case 'Start-Date':
    case 'End-Date': {
      const time = parseIsoMicros(value.trim().replace(/ {2,}/, ' '));
      return time === undefined
        ? undefined
        : { field: name === 'Start-Date' ? 'start' : 'end', time, text, isSign: true };
    }
    case 'Commandline':
      return { field: 'command', text: value, isSign: false };
    case 'Requested-By':
      return { field: 'user', text: value.replace(/ \(\d{1,10}\)$/, ''), isSign: false };
    case 'Comment':
    case 'Error':
      return { field: 'other', text, isSign: false };
    default:
      return { field: 'changes', text, changes: changesOf(name.toLowerCase(), value), isSign: false };
  }
}

function changesOf(action: string, list: string): PackageChange[] {
  const changes: PackageChange[] = [];
  for (const { groups } of list.matchAll(change)) {
    if (changes.length >= maxChanges) break;
    const [first, second] = (groups?.['details'] ?? '').split(', ', 2);
    const isAutomatic = second === 'automatic';
    const [version, previous] = second === undefined || isAutomatic ? [first, undefined] : [second, first];
    const { name = '', architecture } = groups ?? {};
    changes.push({ action, name, version, previous, architecture, ...(isAutomatic ? { isAutomatic } : {}) });
  }
  return changes;
}
