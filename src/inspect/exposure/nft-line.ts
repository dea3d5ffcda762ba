import type { Rule, Verdict } from './firewall.ts';
import { receiverOf } from './iptables.ts';
import { connectionMatch, headerMatches, metaMatch, unknownMatch, type Selector } from './nft-matches.ts';
import { RuleParts, type Element, type Elements, type RulesetBudget } from './nft-rules.ts';
import { elementsOf } from './nft-sets.ts';
import { flagsMatch, nftFlagTest } from './tcp-flags.ts';

/** What named sets and maps of the table hold, as text between braces; undefined for one that packets fill. */
export type NamedSets = Pick<ReadonlyMap<string, string | undefined>, 'get'>;

/** The rules that a line of a chain in the output of `nft list ruleset` stands for: one, or one for each entry of its map. */
export function rulesOfLine(line: string, number: number, named: NamedSets, budget: RulesetBudget): Rule[] {
  const words = new Words(line);
  const parts = new RuleParts(number, budget.parts);
  const sets: NamedSets = {
    get(name) {
      const text = named.get(name);
      return text !== undefined && budget.spendSet(text.length) ? text : undefined;
    },
  };
  while (!words.isAtEnd) {
    const word = words.take();
    const verdict = word === 'dnat' ? undefined : verdictOf(word, words);
    if (verdict !== undefined) parts.decide(verdict);
    else if (word === 'dnat') readDnat(words, parts, sets);
    else if (!skipStatement(word, words)) readCondition(word, words, parts, sets);
  }
  const rules = parts.rules();
  budget.spendRules(rules.length);
  return rules;
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

  /** What is left of the line. */
  get rest(): string {
    return this.#words.slice(this.#next).join(' ');
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#words.length;
  }
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
    default:
      return undefined;
  }
}

function verdictIn(text: string): Verdict | undefined {
  const words = new Words(text);
  return verdictOf(words.take(), words);
}

/** `dnat to 172.17.0.2:80`, `dnat ip to tcp dport map { 8080 : 10.0.0.2 }`, `dnat ip addr . port to tcp dport map @m`. */
function readDnat(words: Words, parts: RuleParts, sets: NamedSets): void {
  while (/^(?:ip6?|addr|port|\.|to)$/.test(words.peek())) if (words.take() === 'to') break;
  const first = words.take();
  if (/^[\d[:]|^[\da-f]+:/i.test(first)) {
    parts.decide({ kind: 'dnat', ...receiverOf(first) });
    return;
  }
  const selectors = selectorsOf(first, words);
  if (words.take() !== 'map') parts.add([unknownMatch('dnat')]);
  else parts.branch(selectors, elementsIn(words.take(), sets, receiverIn));
}

/** `10.0.0.2`, `10.0.0.2 . 80` or `80`. */
function receiverIn(text: string): Verdict {
  const [address = '', port = ''] = text.split(' . ');
  if (/^\d{1,5}$/.test(address)) return { kind: 'dnat', address: undefined, port: Number(address) };
  return { kind: 'dnat', ...receiverOf(address), ...(/^\d{1,5}$/.test(port) ? { port: Number(port) } : {}) };
}

function elementsIn(word: string, sets: NamedSets, read: (text: string) => Verdict | undefined): Elements<Verdict> {
  const text = word.startsWith('@') ? sets.get(word.slice(1)) : word;
  return text === undefined ? undefined : elementsOf(text, read);
}

/** Statements that neither choose packets nor decide about them, and how many words follow. */
const statements: Readonly<Record<string, number>> = {
  counter: 0,
  packets: 1,
  bytes: 1,
  masquerade: 0,
  comment: 1,
  prefix: 1,
  flow: 2,
  notrack: 0,
};

function skipStatement(word: string, words: Words): boolean {
  if (word === 'limit') {
    while (/^(?:rate|over|burst|packets|second|minute|hour|\d+(?:\/\w+)?)$/.test(words.peek())) words.take();
    return true;
  }
  if (word === 'log' || word === 'level' || word === 'flags' || word === 'group') {
    if (word !== 'log') words.take();
    return true;
  }
  const count = statements[word];
  for (let index = 0; index < (count ?? 0); index++) words.take();
  if (word === 'counter' && words.peek() === 'name') for (const _ of [1, 2]) words.take();
  return count !== undefined;
}

/** `tcp dport 22`, `ip saddr . tcp dport @allowed`, `iifname vmap { "lo" : accept }`; or `meta mark set 0x1`, which chooses nothing. */
function readCondition(word: string, words: Words, parts: RuleParts, sets: NamedSets): void {
  if (word === 'tcp' && words.peek() === 'flags') {
    readFlags(words, parts);
    return;
  }
  const selectors = selectorsOf(word, words);
  const next = words.peek();
  if (next === 'set') skipSetting(words);
  else if (next === 'vmap') {
    words.take();
    parts.branch(selectors, elementsIn(words.take(), sets, verdictIn));
  } else if (selectors.includes(unknownSelector)) parts.add([unknownMatch(word)]);
  else compare(selectors, words, parts, sets);
}

function readFlags(words: Words, parts: RuleParts): void {
  words.take();
  const read = nftFlagTest(words.rest);
  for (let index = 0; index < (read?.taken ?? 1); index++) words.take();
  parts.add([
    { kind: 'protocol', names: ['tcp'], negated: false },
    read === undefined ? unknownMatch('tcp flags') : flagsMatch(read.test),
  ]);
}

function compare(selectors: readonly Selector[], words: Words, parts: RuleParts, sets: NamedSets): void {
  const negated = words.peek() === '!=';
  if (negated || words.peek() === '==') words.take();
  const value = words.take();
  if (/^[@{]/.test(value)) parts.compare(selectors, negated, elementsIn(value, sets, verdictIn) as Elements);
  else parts.compare(selectors, negated, plainElements(value, selectors.length, words));
}

/** `80`, `established,related`, or for several selectors `10.0.0.1 . 80`. */
function plainElements(first: string, count: number, words: Words): Element[] {
  if (count === 1) {
    const values = first.split(',').filter((value) => value !== '');
    return values.map((value) => ({ key: [value] }));
  }
  const key = [first];
  while (words.peek() === '.' && key.length < count) {
    words.take();
    key.push(words.take());
  }
  return [{ key }];
}

function skipSetting(words: Words): void {
  words.take();
  words.take();
  while (/^(?:and|or|xor|mark|[|&^~]|0x[\da-f]+|\d+)$/.test(words.peek())) words.take();
}

function selectorsOf(word: string, words: Words): Selector[] {
  const selectors = [selectorOf(word, words)];
  while (words.peek() === '.') {
    words.take();
    selectors.push(selectorOf(words.take(), words));
  }
  return selectors;
}

const unknownSelector: Selector = () => [unknownMatch('')];

function selectorOf(word: string, words: Words): Selector {
  switch (word) {
    case 'iifname':
    case 'iif':
    case 'oifname':
    case 'oif':
    case 'pkttype':
      return (operand) => [metaMatch(word, operand)];
    case 'ip':
    case 'ip6':
    case 'tcp':
    case 'udp':
    case 'th': {
      const field = words.take();
      return (operand) => headerMatches(word, field, operand);
    }
    case 'meta': {
      const key = words.take();
      return (operand) => [metaMatch(key, operand)];
    }
    case 'ct':
      return connectionSelector(words);
    case 'fib':
      return localSelector(words);
    default:
      return unknownSelector;
  }
}

function connectionSelector(words: Words): Selector {
  let key = words.take();
  if (key === 'original' || key === 'reply') key += ` ${words.take()}`;
  if (/ ip6?$/.test(key)) key += ` ${words.take()}`;
  return (operand) => [connectionMatch(key, operand)];
}

/** `fib daddr type local`; other questions to the routing table are not known. */
function localSelector(words: Words): Selector {
  let text = words.take();
  while (!words.isAtEnd && !/^(?:type|oif|oifname|check)$/.test(words.peek())) text += ` ${words.take()}`;
  text += ` ${words.take()}`;
  return ({ negated, values }) =>
    text === 'daddr type' && values[0] === 'local' ? [{ kind: 'local', negated }] : [unknownMatch(`fib ${text}`)];
}
