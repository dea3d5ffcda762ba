import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import type { PackageChange } from './change.ts';

/** A line of apt's `history.log`: what it says holds until the `End-Date` of its run. */
export type HistoryLine = { readonly isSign: boolean } & (
  | { readonly field: 'start' | 'end'; readonly time: Micros; readonly text: string }
  | { readonly field: 'command' | 'user' | 'other'; readonly text: string }
  /** `text` is what of the list was not understood. */
  | { readonly field: 'changes'; readonly text: string; readonly changes: readonly PackageChange[] }
);

const line =
  /^(?<name>Start-Date|End-Date|Commandline|Requested-By|Comment|Error|Install|Reinstall|Upgrade|Downgrade|Remove|Purge): (?<value>.*)$/s;
/** `name:arch (version)`, `(version, automatic)`, `(old, new)`. */
const change = /^(?<name>[^\s,():]{1,200})(?::(?<architecture>[\w-]{1,20}))? \((?<details>[^()]{0,300})\)$/;
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
      return { field: 'changes', ...listed(name, value), isSign: false };
  }
}

/** The packages of a list, cut at the brackets that close each; what is none, or is too much, stays text. */
function listed(name: string, list: string): { readonly text: string; readonly changes: readonly PackageChange[] } {
  const changes: PackageChange[] = [];
  const others: string[] = [];
  let from = 0;
  while (from < list.length && changes.length < maxChanges) {
    const close = list.indexOf(')', from);
    const end = close < 0 ? list.length : close + 1;
    const item = list.slice(from, end);
    const read = changeOf(name.toLowerCase(), item);
    if (read === undefined) others.push(item);
    else changes.push(read);
    from = end;
    while (list[from] === ',' || list[from] === ' ') from++;
  }
  others.push(list.slice(from));
  const text = others.filter((other) => other !== '').join(', ');
  return { text: text === '' ? '' : `${name}: ${text}`, changes };
}

function changeOf(action: string, item: string): PackageChange | undefined {
  const groups = change.exec(item)?.groups;
  if (groups === undefined) return undefined;
  const [first, second] = (groups['details'] ?? '').split(', ', 2);
  const isAutomatic = second === 'automatic';
  const [version, previous] = second === undefined || isAutomatic ? [first, undefined] : [second, first];
  const { name = '', architecture } = groups;
  return { action, name, version, previous, architecture, ...(isAutomatic ? { isAutomatic } : {}) };
}
