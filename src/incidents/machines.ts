import { append } from '../base/multimap.ts';
import type { Entity } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import type { CorrelationContext } from './context.ts';
import { findHostInside, machineKey } from './keys.ts';

/**
 * More machines than this under one name and the name tells nobody apart (`localhost`, `android-phone`, a pool).
 * Names come out of evidence, so an attacker could otherwise melt all hosts into one.
 */
const maxMachinesOfOneName = 4;
/** A machine with more names than this is a name server's mistake or an attacker's flood. */
const maxNamesOfOneMachine = 16;

/** Which names and addresses are one machine. */
export interface Machines {
  /** The key that stands for the machine; itself when nothing more is known. */
  keyOf(hostOrAddress: string): string;
}

/** Joins names and addresses of one machine: by the aliases in the store, and `web01` with the only `web01.example.org`. */
export function createMachines(findings: readonly Finding[], aliases: CorrelationContext['aliases']): Machines {
  const values = machineValues(findings);
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    return root;
  };
  const join = (a: string, b: string): void => {
    const [first, second] = [rootOf(a), rootOf(b)].sort();
    if (first !== undefined && second !== undefined && first !== second) parent.set(second, first);
  };
  const claimants = new Map<string, string[]>();
  for (const value of values) {
    const key = machineKey(value);
    const names = aliases?.(value).slice(0, maxNamesOfOneMachine) ?? [];
    for (const alias of new Set(names.map(machineKey))) append(claimants, alias, key);
  }
  for (const [alias, keys] of [...claimants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const distinct = new Set(keys);
    if (distinct.size > maxMachinesOfOneName) continue;
    for (const key of distinct) join(alias, key);
  }
  for (const [short, long] of shortNames(values)) join(short, long);
  return { keyOf: (value) => rootOf(machineKey(value)) };
}

function machineValues(findings: readonly Finding[]): string[] {
  const values = new Set<string>();
  for (const finding of findings) {
    for (const entity of finding.entities) {
      const value = isMachine(entity) ? entity.value : findHostInside(entity);
      if (value !== undefined) values.add(value);
    }
  }
  return [...values].sort();
}

function isMachine(entity: Entity): boolean {
  return entity.kind === 'host' || entity.kind === 'address';
}

/** Pairs of a bare name and the one full name that begins with it. */
function shortNames(values: readonly string[]): [string, string][] {
  const keys = new Set(values.map(machineKey).filter((key) => key.startsWith('host:')));
  const fullNames = new Map<string, string[]>();
  for (const key of keys) {
    const dot = key.indexOf('.');
    if (dot < 0) continue;
    const short = key.slice(0, dot);
    append(fullNames, short, key);
  }
  const pairs: [string, string][] = [];
  for (const [short, full] of fullNames) {
    const only = full[0];
    if (keys.has(short) && full.length === 1 && only !== undefined) pairs.push([short, only]);
  }
  return pairs;
}
