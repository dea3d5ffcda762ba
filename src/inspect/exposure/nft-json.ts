import type { Chain, Firewall, Hook, Match, Rule, Verdict } from './firewall.ts';
import { receiverOf } from './iptables.ts';
import { connectionMatch, familiesOf, headerMatches, metaMatch, unknownMatch, type Selector } from './nft-matches.ts';
import { flagsIn, flagsMatch } from './tcp-flags.ts';
import { RuleParts, RulesetBudget, type Element, type Elements } from './nft-rules.ts';

/** A rule set of nftables, and what its form does not tell. */
export interface NftJson {
  readonly firewalls: readonly Firewall[];
  /** Rules with extensions of iptables: this form names them and leaves out their values, such as the receiver of a redirection. */
  readonly rulesCut: number;
}

type Fields = Readonly<Record<string, unknown>>;

const hooks: ReadonlySet<string> = new Set(['prerouting', 'input', 'forward', 'output', 'postrouting']);
/** Values of one set. */
const maxValues = 100_000;
/** What an element counts for beside the plain form, which is told in characters. */
const elementCharacters = 16;

/** Whether a text is the output of `nft -j list ruleset`. */
export function isNftJson(text: string): boolean {
  return /^\uFEFF?\s*\{\s*"nftables"\s*:\s*\[/.test(text.slice(0, 4096));
}

/** Reads `nft -j list ruleset` (libnftables-json(5)) as the plain form is read. Throws when it is no JSON. */
export function readNftJson(text: string): NftJson {
  const chains = { ip: new Map<string, Chain>(), ip6: new Map<string, Chain>() };
  const items = listOf(fieldsOf(JSON.parse(text))['nftables']).map(fieldsOf);
  const sets = namedSets(items);
  const budget = new RulesetBudget();
  let rulesCut = 0;
  for (const { chain, rule } of items) {
    const fields = fieldsOf(chain ?? rule);
    const table = tableOf(fields);
    const key = `${table}/${textOf(chain === undefined ? fields['chain'] : fields['name'])}`;
    const named = (name: string): readonly unknown[] | undefined => {
      const list = sets.get(`${table}/${name}`);
      return list !== undefined && budget.spendSet(list.length * elementCharacters) ? list : undefined;
    };
    const read = rule === undefined ? undefined : rulesOf(fields, named, budget);
    rulesCut += Number(read?.isCut ?? false);
    for (const family of familiesOf[textOf(fields['family'])] ?? []) {
      if (chain !== undefined) chains[family].set(key, chainOf(fields, table));
      else if (read !== undefined) chains[family].get(key)?.rules.push(...read.rules);
    }
  }
  const firewalls = (['ip', 'ip6'] as const).map((family) => ({
    family,
    kind: 'nft' as const,
    chains: chains[family],
  }));
  return { firewalls, rulesCut };
}

function tableOf(fields: Fields): string {
  return `${textOf(fields['family'])} ${textOf(fields['table'])}`;
}

/** Entries of the named sets and maps by `family table/name`; one that packets fill has none that are known. */
function namedSets(items: readonly Fields[]): Map<string, readonly unknown[]> {
  const sets = new Map<string, readonly unknown[]>();
  for (const { set, map } of items) {
    const fields = fieldsOf(set ?? map);
    const { name, elem, flags } = fields;
    if (set === undefined && map === undefined) continue;
    const isFilled = [flags].flat().some((flag) => flag === 'dynamic' || flag === 'timeout');
    if (elem !== undefined || !isFilled) sets.set(`${tableOf(fields)}/${textOf(name)}`, listOf(elem));
  }
  return sets;
}

type Sets = (name: string) => readonly unknown[] | undefined;

function chainOf(fields: Fields, table: string): Chain {
  const name = textOf(fields['name']);
  const at = textOf(fields['hook']);
  if (!hooks.has(at)) return { table, name, rules: [] };
  const policy = fields['policy'] === 'drop' ? 'drop' : 'accept';
  return { table, name, hook: { at: at as Hook, priority: Number(fields['prio'] ?? 0), policy }, rules: [] };
}

/** The whole rule set stands in one line. */
const line = 1;

function rulesOf(
  fields: Fields,
  sets: Sets,
  budget: RulesetBudget,
): { readonly rules: Rule[]; readonly isCut: boolean } {
  const parts = new RuleParts(line, budget.parts);
  let isCut = false;
  for (const statement of listOf(fields['expr'])) {
    const [kind = '', value] = Object.entries(fieldsOf(statement))[0] ?? [];
    if (kind === 'match') addMatch(fieldsOf(value), parts, sets);
    else if (kind === 'vmap') addMap(fieldsOf(value), parts, sets);
    else if (kind === 'dnat') addDnat(fieldsOf(value), parts, sets);
    else if (kind === 'xt') {
      const { type, name } = fieldsOf(value);
      if (type === 'match' && name !== 'comment') parts.add([unknownMatch(`xt ${textOf(name)}`)]);
      if (type === 'target' && name === 'REJECT') parts.decide({ kind: 'drop' });
      isCut ||= type === 'match' ? name !== 'comment' : name === 'DNAT' || name === 'REDIRECT';
    } else {
      const verdict = verdictOf(kind, value);
      if (verdict !== undefined) parts.decide(verdict);
    }
  }
  const rules = parts.rules();
  budget.spendRules(rules.length);
  return { rules, isCut };
}

/** Undefined for statements that decide nothing: counters, logs, marks, masquerading. */
function verdictOf(kind: string, value: unknown): Verdict | undefined {
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'return':
      return { kind };
    case 'reject':
      return { kind: 'drop' };
    case 'jump':
    case 'goto':
      return { kind, chain: textOf(fieldsOf(value)['target']) };
    case 'redirect':
      return { kind: 'dnat', address: undefined, port: firstPort(value) };
    default:
      return undefined;
  }
}

/** Of a range the first counts; 0 keeps the port. */
function firstPort(value: unknown): number {
  const port = Number.parseInt(valuesOf(fieldsOf(value)['port'])[0] ?? '0', 10);
  return Number.isInteger(port) ? port : 0;
}

function addMatch({ op, left, right }: Fields, parts: RuleParts, sets: Sets): void {
  const flags = jsonFlags({ op, left, right });
  if (flags !== undefined) parts.add([{ kind: 'protocol', names: ['tcp'], negated: false }, flags]);
  else if (op !== '==' && op !== '!=' && op !== 'in') parts.add([unknownMatch(textOf(op))]);
  else parts.compare(selectorsOf(left), op === '!=', elementsIn(right, sets) as Elements);
}

/** A condition on the flags of TCP; undefined for any other. */
function jsonFlags({ op, left, right }: Fields): Match | undefined {
  const masked = listOf(fieldsOf(left)['&']);
  const { payload } = fieldsOf(masked[0] ?? left);
  if (fieldsOf(payload)['protocol'] !== 'tcp' || fieldsOf(payload)['field'] !== 'flags') return undefined;
  if (fieldsOf(right)['set'] !== undefined || typeof right === 'number') return unknownMatch('tcp flags');
  const mask = masked.length === 0 ? undefined : jsonFlagNames(masked[1]);
  const wants = masked.length === 0 && op !== '==' && op !== '!=' ? 'any' : 'exactly';
  return flagsMatch({ mask, flags: jsonFlagNames(right), wants, negated: op === '!=' || op === '!' });
}

/** `"syn"`, `["fin", "syn"]`, `{ "|": ["fin", "syn"] }`, one inside another. */
function jsonFlagNames(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return flagsIn(value);
  const list = Array.isArray(value) ? (value as unknown[]) : listOf(fieldsOf(value)['|']);
  return depth > 8 ? [] : list.slice(0, 16).flatMap((item) => jsonFlagNames(item, depth + 1));
}

function addMap({ key, data }: Fields, parts: RuleParts, sets: Sets): void {
  parts.branch(selectorsOf(key), elementsIn(data, sets, jsonVerdict));
}

function jsonVerdict(value: unknown): Verdict | undefined {
  const [kind = '', inner] = Object.entries(fieldsOf(value))[0] ?? [];
  return verdictOf(kind, inner);
}

function addDnat(value: Fields, parts: RuleParts, sets: Sets): void {
  const { map } = fieldsOf(value['addr']);
  if (map !== undefined) {
    const { key, data } = fieldsOf(map);
    parts.branch(
      selectorsOf(key),
      elementsIn(data, sets, (to) => receiver(listOf(fieldsOf(to)['concat'] ?? [to]), firstPort(value))),
    );
  } else parts.decide(receiver([valuesOf(value['addr'])[0] ?? ''], firstPort(value)));
}

function receiver([address, port]: readonly unknown[], usual: number): Verdict {
  const text = valuesOf(address)[0] ?? '';
  const number = typeof port === 'number' ? port : usual;
  return { kind: 'dnat', address: receiverOf(text.includes(':') ? `[${text}]` : text).address, port: number };
}

/** Entries of a set, of a map with what `read` makes of their ends, or of a plain value. */
function elementsIn(
  value: unknown,
  sets: Sets,
  read: (value: unknown) => Verdict | undefined = () => undefined,
): Elements<Verdict> {
  const named = typeof value === 'string' && value.startsWith('@') ? value.slice(1) : undefined;
  const { set } = fieldsOf(value);
  const list = named === undefined ? listOf(set ?? (Array.isArray(value) ? value : [value])) : sets(named);
  return list?.slice(0, maxValues).flatMap((item): Element<Verdict>[] => {
    const [left, right] = Array.isArray(item) ? (item as unknown[]) : [item];
    const verdict = right === undefined ? undefined : read(right);
    const inner = fieldsOf(left)['elem'] === undefined ? left : fieldsOf(fieldsOf(left)['elem'])['val'];
    const { concat } = fieldsOf(inner);
    const keys = (concat === undefined ? [inner] : listOf(concat)).map((part) => flatValue(part)[0]);
    if (keys.includes(undefined)) return [];
    return [{ key: keys as string[], ...(verdict === undefined ? {} : { value: verdict }) }];
  });
}

function selectorsOf(left: unknown): Selector[] {
  const { concat } = fieldsOf(left);
  return (concat === undefined ? [left] : listOf(concat)).map(selectorOf);
}

function selectorOf(left: unknown): Selector {
  const [kind = '', value] = Object.entries(fieldsOf(left))[0] ?? [];
  const { key, protocol, field, result, flags, dir, family } = fieldsOf(value);
  switch (kind) {
    case 'meta':
      return (operand) => [metaMatch(textOf(key), operand)];
    case 'ct': {
      const words = [dir, family, key].map(textOf).filter((word) => word !== '');
      return (operand) => [connectionMatch(words.join(' '), operand)];
    }
    case 'payload':
      return (operand) => headerMatches(textOf(protocol), textOf(field), operand);
    case 'fib':
      return ({ negated, values }) =>
        result === 'type' && String(flags) === 'daddr' && values[0] === 'local'
          ? [{ kind: 'local', negated }]
          : [unknownMatch('fib')];
    default:
      return () => [unknownMatch(kind)];
  }
}

/** The right side as the plain form writes it: `10.0.0.0/8`, `80-90`, one text for each element of a set. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.slice(0, maxValues).flatMap((item) => flatValue(item));
  const { set } = fieldsOf(value);
  return Array.isArray(set) ? set.slice(0, maxValues).flatMap((item) => flatValue(item)) : flatValue(value);
}

/** No set stands inside of a set. */
function flatValue(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  const { prefix, range, elem } = fieldsOf(value);
  if (elem !== undefined) {
    const inner = fieldsOf(elem)['val'];
    return typeof inner === 'object' && inner !== null && 'elem' in inner ? [] : flatValue(inner);
  }
  if (prefix !== undefined) {
    const { addr, len } = fieldsOf(prefix);
    return [`${textOf(addr)}/${String(len)}`];
  }
  return Array.isArray(range) ? [range.slice(0, 2).map(String).join('-')] : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
