import { eventNames, genericSyscalls } from './event-names.ts';

/** Event codes behind each name of `evt.type`. System calls without an event of their own share the generic ones. */
const codesByName = new Map<string, number>(
  eventNames
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name = '', codes = '2'] = entry.split(':');
      return [name, Number(codes)];
    }),
);
// What a system call that nothing names is called.
codesByName.set('<unknown>', 2);
for (const name of genericSyscalls.trim().split(/\s+/)) codesByName.set(name, 2);

/** Event codes in all. */
const allCodes = [...codesByName.values()].reduce((sum, codes) => sum + codes, 0);

export function isEventType(name: string): boolean {
  return codesByName.has(name);
}

/** A set of event types: those named, or all but those. */
export interface TypeSet {
  readonly isComplement: boolean;
  readonly names: ReadonlySet<string>;
}

export const allTypes: TypeSet = { isComplement: true, names: new Set() };
export const noTypes: TypeSet = { isComplement: false, names: new Set() };

export function complementOf(set: TypeSet): TypeSet {
  return { isComplement: !set.isComplement, names: set.names };
}

export function union(a: TypeSet, b: TypeSet): TypeSet {
  return complementOf(intersection(complementOf(a), complementOf(b)));
}

export function intersection(a: TypeSet, b: TypeSet): TypeSet {
  if (a.isComplement && b.isComplement) return { isComplement: true, names: new Set([...a.names, ...b.names]) };
  if (a.isComplement) return intersection(b, a);
  return { isComplement: false, names: new Set([...a.names].filter((name) => b.names.has(name) !== b.isComplement)) };
}

export function includesType(set: TypeSet, name: string): boolean {
  return set.names.has(name) !== set.isComplement;
}

/** Number of event codes in the set. */
export function codeCount(set: TypeSet): number {
  let codes = 0;
  for (const name of set.names) codes += codesByName.get(name) ?? 0;
  return set.isComplement ? allCodes - codes : codes;
}
