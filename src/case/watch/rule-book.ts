import { readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { faultsOf } from '../rule-faults.ts';
import type { LoadedSet } from '../run-rules.ts';
import { loadRuleSets } from '../search-rules.ts';

/** What became of rules that were changed: they hold from now on, or those from before go on because of a fault. */
export interface RuleChange {
  readonly state: 'loaded' | 'refused';
  readonly message: string;
}

/** Files below the paths that are looked at: a folder of rules has some thousands. */
const maxFiles = 20_000;

/**
 * The rules that a watch judges by. Files that change are loaded anew while it runs, all of them or none: with one that cannot be read, is of no
 * language any more or has a new error, those from before go on.
 */
export class RuleBook {
  readonly #paths: readonly string[];
  #sets: readonly LoadedSet[];
  #seen: string;
  /** What stood there at the last look, when it was not what is loaded. */
  #pending: string | undefined;

  /** Files and folders beside the shipped rules. Throws for a file of no known language; one with an error leaves the others, as everywhere. */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#seen = stateOf(paths);
    this.#sets = loadRuleSets(paths);
  }

  get sets(): readonly LoadedSet[] {
    return this.#sets;
  }

  /**
   * What changed; undefined when nothing did. A change counts when it looks the same at two looks: many editors empty a file before they write
   * it. `isAsked`: somebody wants all loaded anew, at once and in any case.
   */
  renew(isAsked: boolean): RuleChange | undefined {
    const now = stateOf(this.#paths);
    const isSettled = now === this.#pending;
    this.#pending = now === this.#seen ? undefined : now;
    if (!isAsked && (now === this.#seen || !isSettled)) return undefined;
    this.#seen = now;
    this.#pending = undefined;
    try {
      const sets = loadRuleSets(this.#paths);
      const known = new Set(this.#faults(this.#sets).map(formatProblem));
      const fault = this.#faults(sets).find((one) => !known.has(formatProblem(one)));
      if (fault !== undefined) return refused(formatProblem(fault));
      const before = new Set(idsOf(this.#sets));
      const ids = idsOf(sets);
      const added = ids.filter((id) => !before.has(id)).length;
      const gone = before.size - (ids.length - added);
      this.#sets = sets;
      return { state: 'loaded', message: `${ids.length} rules hold from now on, ${added} new and ${gone} gone` };
    } catch (error) {
      return refused(messageOf(error));
    }
  }

  #faults(sets: readonly LoadedSet[]): Problem[] {
    const isOurs = (path = ''): boolean => this.#paths.some((own) => path === own || path.startsWith(`${own}/`));
    return sets.flatMap(({ set }) => faultsOf(set)).filter(({ at }) => isOurs(at.path));
  }
}

function formatProblem({ at, message }: Problem): string {
  return `${at.path ?? ''}: ${message}`;
}

function refused(why: string): RuleChange {
  return { state: 'refused', message: `the changed rules are not used, those from before go on: ${why}` };
}

function idsOf(sets: readonly LoadedSet[]): string[] {
  return [...new Set(sets.flatMap(({ language, set }) => set.rules.map(({ id }) => `${language.id}/${id}`)))];
}

/** Differs when a file below the paths came, went or was written. */
function stateOf(paths: readonly string[]): string {
  const marks: string[] = [];
  const add = (path: string): void => {
    if (marks.length >= maxFiles) return;
    const stats = statOf(path);
    if (stats === undefined) return;
    if (!stats.isDirectory()) marks.push(`${path} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`);
    else for (const name of namesIn(path)) add(join(path, name));
  };
  for (const path of paths) add(path);
  return marks.join('\n');
}

/** A folder may go while it is looked at. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
