import { compileForeignPattern } from '../../../../base/regex.ts';
import { capabilityNames } from '../../../../events/capabilities.ts';
import type { EventRow, KindId } from '../../../../events/event.ts';
import type { FieldReference } from '../../../../match/condition/condition.ts';
import {
  isAbsent,
  type Absent,
  type Scalar,
  type StreamField,
  type StreamValue,
} from '../../../../match/condition/resolver.ts';
import { globPattern } from '../../../../match/condition/patterns.ts';
import { eventFormat } from '../../../../match/event-format.ts';
import type { RowFormat } from '../../../../match/row-format.ts';
import { parseGlob } from '../compile/glob.ts';
import { mappedKinds, modeWords, noMount, readColumns, valueFor, type EventValue } from './mapping.ts';

type Getter = (row: EventRow) => StreamValue;
const nothing: Getter = () => undefined;

/** Our own events as system calls: what a sensor without Falco saw, with the fields that it tells. */
export const eventsAsSyscalls: RowFormat = {
  id: 'syscall',
  resolver: {
    field: syscallField,
    allFields: () => ({ absent: 'rules name their fields' }),
  },
  time: (row) => eventFormat.time(row),
  type: (row) => String(getterOf({ name: 'evt.type' }, row['kind'] as KindId)?.(row) ?? ''),
  columnsOf: (kind, field) => {
    // Only `evt.rawtime` is no value of the mapping.
    const value = field === '*' ? undefined : valueFor(kind, field);
    return value === undefined ? ['time'] : readColumns(value).map(({ name }) => name);
  },
  index: { windows: [{ name: 'evt.type' }], other: [{ name: 'evt.type' }] },
};

function syscallField(reference: FieldReference): StreamField<EventRow> | Absent {
  if (reference.name === 'evt.rawtime') return { type: 'number', get: (row) => eventFormat.time(row) };
  const getters = new Map<unknown, Getter>();
  for (const kind of mappedKinds) {
    const getter = getterOf(reference, kind);
    if (getter !== undefined) getters.set(kind, getter);
  }
  if (getters.size === 0) return { absent: absentReason(reference) };
  return { type: 'any', get: (row) => getters.get(row['kind'])?.(row) };
}

/** Why no event of ours tells a field. */
export function absentReason({ name, argument }: FieldReference): string {
  const field = argument === undefined ? name : `${name}[${argument}]`;
  return `${field} is told by captures of system calls only, not by audit logs and stored events`;
}

function getterOf(reference: FieldReference, kind: KindId): Getter | undefined {
  const value = valueFor(kind, reference);
  return value === undefined ? undefined : compile(value);
}

function compile(value: EventValue): Getter {
  if ('name' in value) return columnGetter(value);
  if ('constant' in value) return () => value.constant;
  if ('orElse' in value) {
    const [get, { orElse }] = [columnGetter(value.column), value];
    return (row) => get(row) ?? orElse;
  }
  if ('first' in value) {
    const getters = value.first.map(compile);
    return (row) => {
      for (const get of getters) {
        const found = get(row);
        if (found !== undefined && found !== null) return found;
      }
      return undefined;
    };
  }
  if ('table' in value) {
    const [get, values] = [columnGetter(value.table), new Map(Object.entries(value.values))];
    return (row) => values.get(String(get(row)));
  }
  if ('each' in value) return eachGetter(value.each.map(columnGetter));
  if ('ancestors' in value) {
    const levels = Array.from({ length: value.most }, (_none, level) => `ancestors.${level}.${value.ancestors}`);
    return eachGetter([value.parent, ...levels.map((argument) => ({ name: 'fields', argument }))].map(columnGetter));
  }
  if ('chosenBy' in value) return chosenGetter(value.chosenBy, value.of);
  if ('countBehindFirst' in value) {
    const get = columnGetter(value.countBehindFirst);
    return (row) => {
      const list = get(row);
      return Array.isArray(list) ? Math.max(0, list.length - 1) : undefined;
    };
  }
  if ('mountOf' in value) return mountGetter(columnGetter(value.mountOf), value.source);
  return textGetter(value);
}

function isList(value: NonNullable<StreamValue>): value is readonly (Scalar | null)[] {
  return Array.isArray(value);
}

/** Nothing where none of them has a value. */
function eachGetter(getters: readonly Getter[]): Getter {
  return (row) => {
    const found: Scalar[] = [];
    for (const get of getters) {
      const value = get(row);
      if (value !== undefined && value !== null && !isList(value)) found.push(value);
    }
    return found;
  };
}

function chosenGetter(by: FieldReference, of: Readonly<Record<string, FieldReference>>): Getter {
  const choose = columnGetter(by);
  const getters = new Map(Object.entries(of).map(([value, reference]) => [value, columnGetter(reference)]));
  return (row) => getters.get(String(choose(row)))?.(row);
}

function mountGetter(get: Getter, source: string): Getter {
  const pattern = compileForeignPattern(globPattern(parseGlob(source), false));
  if ('fault' in pattern) throw new Error(`${pattern.fault} in a pattern of our own`);
  return (row) => {
    const mounts = get(row);
    const parts = Array.isArray(mounts) ? mounts.map((mount) => String(mount).split(':', 2)) : [];
    return parts.find(([from = '']) => pattern.test(from))?.[1] ?? noMount;
  };
}

type TextValue = Extract<
  EventValue,
  | { directory: unknown }
  | { begins: unknown }
  | { basename: unknown }
  | { rest: unknown }
  | { presence: unknown }
  | { modeBits: unknown }
  | { capabilities: unknown }
  | { repository: unknown }
  | { tag: unknown }
  | { assignments: unknown }
  | { isRunnable: unknown }
>;

function textGetter(value: TextValue): Getter {
  if ('presence' in value) {
    const get = columnGetter(value.presence);
    return (row) => ((get(row) ?? null) === null ? 0 : 1);
  }
  if ('rest' in value) return derived(value.rest, afterBlank);
  if ('begins' in value) return derived(value.begins, (text) => String(text.startsWith(value.with)));
  if ('directory' in value) return derived(value.directory, parentOf);
  if ('modeBits' in value) return derived(value.modeBits, modeText);
  if ('capabilities' in value) return derived(value.capabilities, capabilityText);
  if ('repository' in value) return derived(value.repository, repositoryOf);
  if ('tag' in value) return derived(value.tag, tagOf);
  if ('assignments' in value) return derived(value.assignments, assignmentsOf);
  if ('isRunnable' in value) return derived(value.isRunnable, (mode) => String(/[1357]/.test(mode.slice(-3))));
  return derived(value.basename, (text) => text.slice(text.lastIndexOf('/') + 1));
}

function afterBlank(text: string): string {
  const blank = text.indexOf(' ');
  return blank < 0 ? '' : text.slice(blank + 1);
}

/** `suid,0755` is `S_ISUID`. */
function modeText(mode: string): string {
  return mode
    .split(',')
    .flatMap((word) => modeWords[word] ?? [])
    .join('|');
}

/** `200000` is `CAP_SYS_ADMIN`. */
function capabilityText(mask: string): string {
  return capabilityNames
    .flatMap((name, index) => {
      const digit = Number.parseInt(mask.at(-1 - (index >> 2)) ?? '0', 16);
      return ((digit >> (index & 3)) & 1) === 1 ? [`CAP_${name.toUpperCase()}`] : [];
    })
    .join(' ');
}

/** A colon before the last slash belongs to a port. */
function repositoryOf(image: string): string {
  const name = image.split('@', 1)[0] ?? image;
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name : name.slice(0, colon);
}

function tagOf(image: string): string {
  return image.slice(repositoryOf(image).length).replace(/^:|@.*/gs, '');
}

/** `{"A":"1","B":"2"}` is `A=1 B=2`. Quotes of values stay escaped, which is what the store can say too. */
function assignmentsOf(object: string): string {
  return object.slice(2, -2).replaceAll('":"', '=').replaceAll('","', ' ');
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : path.slice(0, Math.max(0, slash));
}

function derived(reference: FieldReference, change: (text: string) => string): Getter {
  const get = columnGetter(reference);
  return (row) => {
    const text = get(row);
    return typeof text === 'string' ? change(text) : undefined;
  };
}

function columnGetter(reference: FieldReference): Getter {
  const field = eventFormat.resolver.field(reference);
  return isAbsent(field) ? nothing : field.get;
}
