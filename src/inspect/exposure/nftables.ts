import type { Chain, Firewall, Hook, Match, Rule, Verdict } from './firewall.ts';
import { receiverOf } from './iptables.ts';
import {
  connectionMatch,
  familiesOf,
  headerMatches,
  interfaceMatch,
  metaMatch,
  unknownMatch,
  type Operand,
} from './nft-matches.ts';

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
  return /^table (?:ip|ip6|inet) \S+ \{\s*$/m.test(text.slice(0, 4000));
}

/** Reads `nft list ruleset` into one rule set for each address family; `inet` tables stand in both. */
export function readNftRuleset(text: string): Firewall[] {
  const reader = new RulesetReader();
  for (const [index, line] of text.split('\n').entries()) reader.add(line.trim(), index + 1);
  return (['ip', 'ip6'] as const).map((family) => ({ family, chains: reader.chains[family] }));
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

  add(line: string, number: number): void {
    const opened = /^(?<what>table|chain)(?: (?<family>\w+))? (?<name>\S+) \{$/.exec(line)?.groups;
    if (opened?.['what'] === 'table') this.#openTable(opened['family'] ?? 'ip', opened['name'] ?? '');
    else if (opened?.['what'] === 'chain') this.#chain = { name: opened['name'] ?? '', rules: [] };
    else if (line === '}') this.#closeChain();
    else if (this.#chain !== undefined && line !== '') this.#addLine(this.#chain, line, number);
  }

  #openTable(family: string, name: string): void {
    this.#families = familiesOf[family] ?? [];
    this.#table = `${family} ${name}`;
  }

  #closeChain(): void {
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
    else if (!line.startsWith('type ')) chain.rules.push(ruleOf(line, number));
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

class Words {
  readonly #words: readonly string[];
  #next = 0;

  constructor(line: string) {
    this.#words = [...line.matchAll(/"[^"]*"|\{[^}]*\}|[^\s"{}]+/g)].map(([word]) => word.replaceAll('"', ''));
  }

  peek(): string {
    return this.#words[this.#next] ?? '';
  }

  take(): string {
    return this.#words[this.#next++] ?? '';
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#words.length;
  }
}

function ruleOf(line: string, number: number): Rule {
  const words = new Words(line);
  const matches: Match[] = [];
  let verdict: Verdict = { kind: 'none' };
  while (!words.isAtEnd) {
    const word = words.take();
    const found = verdictOf(word, words);
    if (found !== undefined) verdict = found;
    else if (!skipStatement(word, words)) matches.push(...matchesOf(word, words));
  }
  return { line: number, matches, verdict };
}

function verdictOf(word: string, words: Words): Verdict | undefined {
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
      return { kind: word };
    case 'reject':
      while (!words.isAtEnd) words.take();
      return { kind: 'drop' };
    case 'jump':
    case 'goto':
      return { kind: word, chain: words.take() };
    case 'redirect':
      if (words.peek() === 'to') words.take();
      return { kind: 'dnat', ...receiverOf(words.take()), address: undefined };
    case 'dnat': {
      while (/^(?:ip|ip6|to)$/.test(words.peek())) words.take();
      return { kind: 'dnat', ...receiverOf(words.take()) };
    }
    default:
      return undefined;
  }
}

/** Statements that neither choose packets nor decide about them. */
function skipStatement(word: string, words: Words): boolean {
  const values: Readonly<Record<string, number>> = {
    counter: 0,
    packets: 1,
    bytes: 1,
    masquerade: 0,
    comment: 1,
    prefix: 1,
  };
  if (word === 'limit') {
    while (/^(?:rate|over|burst|packets|second|minute|hour|\d+(?:\/\w+)?)$/.test(words.peek())) words.take();
    return true;
  }
  if (word === 'log' || word === 'level' || word === 'flags') {
    if (word !== 'log') words.take();
    return true;
  }
  const count = values[word];
  for (let index = 0; index < (count ?? 0); index++) words.take();
  return count !== undefined;
}

function matchesOf(word: string, words: Words): Match[] {
  switch (word) {
    case 'iifname':
    case 'iif':
    case 'oifname':
    case 'oif':
      return [interfaceMatch(word, operand(words))];
    case 'ip':
    case 'ip6':
    case 'tcp':
    case 'udp':
    case 'th':
      return headerMatches(word, words.take(), operand(words));
    case 'meta':
      return [metaMatch(words.take(), operand(words))];
    case 'ct':
      return [connectionMatch(words.take(), operand(words))];
    case 'fib':
      return [localMatch(words)];
    default:
      return [unknownMatch(word)];
  }
}

function localMatch(words: Words): Match {
  const text = `${words.take()} ${words.take()} ${words.take()}`;
  if (text === 'daddr type local') return { kind: 'local', negated: false };
  const isNot = text === 'daddr type !=' && words.take() === 'local';
  return isNot ? { kind: 'local', negated: true } : unknownMatch(`fib ${text}`);
}

function operand(words: Words): Operand {
  const negated = words.peek() === '!=';
  if (negated || words.peek() === '==') words.take();
  const values = words
    .take()
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((value) => value.trim());
  return { negated, values: values.filter((value) => value !== '') };
}
