import type { Indicator, IndicatorKind } from './format.ts';
import type { IndicatorRef, IndicatorSet } from './set.ts';
import { IndicatorSetBuilder } from './set-builder.ts';
import { normaliseHash } from './values/text.ts';
import { isWholeHost, urlHost } from './values/url.ts';
import { parseCidr, parseIp } from '../../base/ip.ts';

/** Values that are listed by mistake again and again. An indicator that is one of them, or lies in one, never fires. */
export interface WarningList {
  readonly name: string;
  readonly title: string;
  readonly origin: string;
  readonly licence: string;
  /** Day of the facts, `2026-05-01`. */
  readonly date: string;
  /** `value`: a name on the list speaks for itself. `below`: for all names below it too. */
  readonly covers: 'value' | 'below';
  readonly values: readonly string[];
}

/** A list as it stands in a file: `# key: value` lines, then one value a line. Undefined when a key is missing. */
export function parseWarningList(name: string, text: string): WarningList | undefined {
  const keys = new Map<string, string>();
  const values: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const groups = /^#\s*(?<key>title|origin|licence|date|covers):\s*(?<value>.+)$/.exec(line)?.groups;
    if (groups !== undefined) keys.set(groups['key'] ?? '', (groups['value'] ?? '').trim());
    const value = line.replace(/#.*$/, '').trim().toLowerCase();
    if (value !== '') values.push(value);
  }
  const [title, origin, licence, date, covers] = ['title', 'origin', 'licence', 'date', 'covers'].map((key) =>
    keys.get(key),
  );
  if (title === undefined || origin === undefined || licence === undefined || date === undefined) return undefined;
  if (covers !== 'value' && covers !== 'below') return undefined;
  return { name, title, origin, licence, date, covers, values };
}

/** Several warning lists, made for asking. */
export interface Warnings {
  readonly lists: readonly WarningList[];
  /** Name of the list that keeps a hit from firing; undefined when none does. `seen` is the value in the event. */
  suppressing(ref: IndicatorRef, seen: string): string | undefined;
}

export function createWarnings(lists: readonly WarningList[]): Warnings {
  const builder = new IndicatorSetBuilder();
  for (const list of lists) {
    for (const value of list.values) builder.add(list.name, entryOf(value));
  }
  const set = builder.build();
  const below = new Set(lists.filter((list) => list.covers === 'below').map((list) => list.name));
  return { lists, suppressing: (ref, seen) => suppressing(set, below, ref, seen) };
}

export const noWarnings: Warnings = createWarnings([]);

function entryOf(value: string): Indicator {
  return { kind: kindOf(value), value, description: null, confidence: null, expires_at: null };
}

function kindOf(value: string): IndicatorKind {
  if (parseIp(value) !== undefined) return 'address';
  if (parseCidr(value) !== undefined) return 'cidr';
  const hash = normaliseHash(value);
  return hash === undefined || typeof hash === 'string' ? 'domain' : hash.kind;
}

function suppressing(
  set: IndicatorSet,
  below: ReadonlySet<string>,
  ref: IndicatorRef,
  seen: string,
): string | undefined {
  const { kind, value } = ref;
  if (kind === 'address' || kind === 'cidr') return set.lookUp('address', seen)[0]?.list;
  if (kind === 'domain') return warnedName(set, below, value, true);
  if (kind !== 'url') return set.lookUp(kind, value)[0]?.list;
  const host = urlHost(value);
  return set.lookUp('address', host)[0]?.list ?? warnedName(set, below, host, isWholeHost(value));
}

/** A name is warned about by a list that holds it (when it is meant whole), or that covers what lies below one above it. */
function warnedName(set: IndicatorSet, below: ReadonlySet<string>, name: string, isWhole: boolean): string | undefined {
  return set.lookUp('domain', name).find((entry) => below.has(entry.list) || (isWhole && entry.value === name))?.list;
}
