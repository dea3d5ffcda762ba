import type { Match, Rule, Verdict } from './firewall.ts';
import { unknownMatch, type Operand, type Selector } from './nft-matches.ts';

/** One entry of a set or a map: a value for each part of its key (`*` fits everything), and what a map leads to. */
export interface Element<Value = never> {
  readonly key: readonly string[];
  readonly value?: Value;
}

/** What is known of the contents of a named set or map; undefined: packets themselves fill it, so nothing is known. */
export type Elements<Value = never> = readonly Element<Value>[] | undefined;

/** Rules that one rule with sets of combinations or maps is taken apart into; of more the rule counts as not known. */
const maxParts = 4096;

/** Rules of one rule set beyond which none is taken apart any more: a line can name sets that stand once and are used in each. */
const maxRules = 200_000;
/** Characters of named sets that are read for all lines together. */
const maxSetCharacters = 50_000_000;

/** What the reading of one rule set may still take; what is beyond counts as not known. */
export class RulesetBudget {
  #rules = maxRules;
  #characters = maxSetCharacters;

  /** How many rules the next line may become. */
  get parts(): number {
    return Math.max(1, Math.min(maxParts, this.#rules));
  }

  spendRules(count: number): void {
    this.#rules -= count;
  }

  /** False when a named set of this length is not read once more. */
  spendSet(characters: number): boolean {
    this.#characters -= characters;
    return this.#characters >= 0;
  }
}

/** What is gathered of one rule of nftables, which may become several of ours: one for each entry of a map. */
export class RuleParts {
  readonly #line: number;
  readonly #most: number;
  #ways: Match[][] = [[]];
  #verdict: Verdict = { kind: 'none' };
  #branches: readonly { readonly matches: readonly Match[]; readonly verdict: Verdict }[] | undefined;

  /** `most`: rules that it may become. */
  constructor(line: number, most: number) {
    this.#line = line;
    this.#most = most;
  }

  add(matches: readonly Match[]): void {
    for (const way of this.#ways) way.push(...matches);
  }

  decide(verdict: Verdict): void {
    this.#verdict = verdict;
  }

  /** `selector op set`; with several selectors each entry has a value for each. */
  compare(selectors: readonly Selector[], negated: boolean, elements: Elements): void {
    if (elements === undefined) this.add([unknownMatch('a set that packets fill')]);
    else if (selectors.length === 1) {
      const values = elements.map(({ key }) => key[0] ?? '');
      // An empty set holds nothing: no condition of ours says that with no value of its own kind left out.
      this.add(selectors[0]?.({ negated, values }) ?? []);
    } else if (negated || this.#ways.length * elements.length * (this.#branches?.length ?? 1) > this.#most) {
      this.add([unknownMatch('a set of combinations')]);
    } else {
      this.#ways = this.#ways.flatMap((way) => elements.map(({ key }) => [...way, ...matchesOf(selectors, key)]));
    }
  }

  /** `selector vmap map`, or `dnat to selector map map`. */
  branch(selectors: readonly Selector[], elements: Elements<Verdict>): void {
    if (elements === undefined || this.#ways.length * elements.length > this.#most) {
      this.add([unknownMatch('a map')]);
      return;
    }
    const branches = elements.flatMap(({ key, value }) =>
      value === undefined ? [] : [{ matches: matchesOf(selectors, key), verdict: value }],
    );
    // What fits everything counts only when nothing else does.
    this.#branches = branches.toSorted((left, right) => Number(isAny(left)) - Number(isAny(right)));
  }

  rules(): Rule[] {
    const line = this.#line;
    const branches = this.#branches ?? [{ matches: [], verdict: this.#verdict }];
    return this.#ways.flatMap((way) =>
      branches.map(({ matches, verdict }) => ({
        line,
        matches: [...way, ...matches, ...familyOf(verdict)],
        verdict,
      })),
    );
  }
}

/** In a table for both families a redirection concerns the family of its receiver. */
function familyOf(verdict: Verdict): Match[] {
  if (verdict.kind !== 'dnat' || verdict.address === undefined || verdict.address === '') return [];
  return [{ kind: 'family', names: [verdict.address.includes(':') ? 'ip6' : 'ip'], negated: false }];
}

function isAny({ matches }: { readonly matches: readonly Match[] }): boolean {
  return matches.length === 0;
}

function matchesOf(selectors: readonly Selector[], key: readonly string[]): Match[] {
  return selectors.flatMap((selector, index) => {
    const value = key[index];
    if (value === '*') return [];
    const operand: Operand = { negated: false, values: value === undefined ? [] : [value] };
    return selector(operand);
  });
}
