import type { Chain, Firewall, Hook, Rule } from './firewall.ts';
import { familiesOf } from './nft-matches.ts';
import { SetLines } from './nft-sets.ts';
import { rulesOfLine } from './nft-line.ts';
import { RulesetBudget } from './nft-rules.ts';

const named: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** Whether a text is the output of `nft list ruleset`. */
export function isNftRuleset(text: string): boolean {
  return /^table (?:ip|ip6|inet|bridge|arp|netdev) \S+ \{(?: #.*)?\s*$/m.test(text.slice(0, 4000));
}

/** Reads `nft list ruleset` into one rule set for each address family; `inet` tables stand in both. */
export function readNftRuleset(text: string): Firewall[] {
  const reader = new RulesetReader();
  for (const [index, line] of text.split('\n').entries()) reader.add(line.trim(), index + 1);
  return (['ip', 'ip6'] as const).map((family) => ({ family, kind: 'nft', chains: reader.chains[family] }));
}

interface OpenChain {
  readonly name: string;
  hook?: NonNullable<Chain['hook']>;
  readonly rules: Rule[];
}

class RulesetReader {
  readonly chains = { ip: new Map<string, Chain>(), ip6: new Map<string, Chain>() };
  #families: readonly ('ip' | 'ip6')[] = [];
  #table = '';
  #chain: OpenChain | undefined;
  #set: SetLines | undefined;
  /** What the sets and maps of the open table hold, as text; they stand before its chains. */
  #sets = new Map<string, string | undefined>();
  readonly #budget = new RulesetBudget();

  add(line: string, number: number): void {
    const opened = /^(?<what>table|chain|set|map)(?: (?<family>\w+))? (?<name>\S+) \{(?: #.*)?$/.exec(line)?.groups;
    const name = opened?.['name'] ?? '';
    if (opened?.['what'] === 'table') this.#openTable(opened['family'] ?? 'ip', name);
    else if (opened?.['what'] === 'chain') this.#chain = { name, rules: [] };
    else if (opened !== undefined) this.#set = new SetLines(name);
    else if (line === '}') this.#close();
    else if (this.#set !== undefined) this.#set.add(line);
    else if (this.#chain !== undefined && line !== '') this.#addLine(this.#chain, line, number);
  }

  #openTable(family: string, name: string): void {
    this.#families = familiesOf[family] ?? [];
    this.#table = `${family} ${name}`;
    this.#sets = new Map();
  }

  #close(): void {
    if (this.#set !== undefined) this.#sets.set(this.#set.name, this.#set.elements);
    this.#set = undefined;
    const chain = this.#chain;
    this.#chain = undefined;
    if (chain === undefined) return;
    for (const family of this.#families) {
      this.chains[family].set(`${this.#table}/${chain.name}`, { table: this.#table, ...chain });
    }
  }

  #addLine(chain: OpenChain, line: string, number: number): void {
    const hook = line.startsWith('type ') ? hookOf(line) : undefined;
    if (hook !== undefined) chain.hook = hook;
    else if (!line.startsWith('type ')) chain.rules.push(...rulesOfLine(line, number, this.#sets, this.#budget));
  }
}

function hookOf(line: string): Chain['hook'] {
  const groups = /hook (?<hook>\w+) .*?priority (?<name>[a-z]+)?\s*(?<sign>[+-])?\s*(?<number>\d+)?;/.exec(
    line,
  )?.groups;
  const at = groups?.['hook'] as Hook | undefined;
  if (at === undefined || !['prerouting', 'input', 'forward', 'output', 'postrouting'].includes(at)) return undefined;
  const offset = Number(groups?.['number'] ?? 0) * (groups?.['sign'] === '-' ? -1 : 1);
  const priority = (named[groups?.['name'] ?? ''] ?? 0) + offset;
  return { at, priority, policy: /policy drop/.test(line) ? 'drop' : 'accept' };
}
