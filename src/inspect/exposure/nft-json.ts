import type { Chain, Firewall, Hook, Match, Rule, Verdict } from './firewall.ts';
import { receiverOf } from './iptables.ts';
import { connectionMatch, familiesOf, headerMatches, metaMatch, unknownMatch, type Operand } from './nft-matches.ts';

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

/** Whether a text is the output of `nft -j list ruleset`. */
export function isNftJson(text: string): boolean {
  return /^\uFEFF?\s*\{\s*"nftables"\s*:\s*\[/.test(text.slice(0, 4096));
}

/** Reads `nft -j list ruleset` (libnftables-json(5)) as the plain form is read. Throws when it is no JSON. */
export function readNftJson(text: string): NftJson {
  const chains = { ip: new Map<string, Chain>(), ip6: new Map<string, Chain>() };
  let rulesCut = 0;
  for (const item of listOf(fieldsOf(JSON.parse(text))['nftables'])) {
    const { chain, rule } = fieldsOf(item);
    const fields = fieldsOf(chain ?? rule);
    const table = `${textOf(fields['family'])} ${textOf(fields['table'])}`;
    const key = `${table}/${textOf(chain === undefined ? fields['chain'] : fields['name'])}`;
    const read = rule === undefined ? undefined : ruleOf(fields);
    rulesCut += Number(read?.isCut ?? false);
    for (const family of familiesOf[textOf(fields['family'])] ?? []) {
      if (chain !== undefined) chains[family].set(key, chainOf(fields, table));
      else if (read !== undefined) chains[family].get(key)?.rules.push(read.rule);
    }
  }
  const firewalls = (['ip', 'ip6'] as const).map((family) => ({ family, chains: chains[family] }));
  return { firewalls, rulesCut };
}

function chainOf(fields: Fields, table: string): Chain {
  const name = textOf(fields['name']);
  const at = textOf(fields['hook']);
  if (!hooks.has(at)) return { table, name, rules: [] };
  const policy = fields['policy'] === 'drop' ? 'drop' : 'accept';
  return { table, name, hook: { at: at as Hook, priority: Number(fields['prio'] ?? 0), policy }, rules: [] };
}

/** The whole rule set stands in one line. */
const line = 1;

function ruleOf(fields: Fields): { readonly rule: Rule; readonly isCut: boolean } {
  const matches: Match[] = [];
  let verdict: Verdict = { kind: 'none' };
  let isCut = false;
  for (const statement of listOf(fields['expr'])) {
    const [kind = '', value] = Object.entries(fieldsOf(statement))[0] ?? [];
    if (kind === 'match') matches.push(...matchesOf(fieldsOf(value)));
    else if (kind === 'xt') {
      const { type, name } = fieldsOf(value);
      if (type === 'match' && name !== 'comment') matches.push(unknownMatch(`xt ${textOf(name)}`));
      if (type === 'target' && name === 'REJECT') verdict = { kind: 'drop' };
      isCut ||= type === 'match' ? name !== 'comment' : name === 'DNAT' || name === 'REDIRECT';
    } else if (kind === 'vmap') matches.push(unknownMatch(kind));
    else verdict = verdictOf(kind, value) ?? verdict;
  }
  return { rule: { line, matches, verdict }, isCut };
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
    case 'dnat': {
      const [address = ''] = valuesOf(fieldsOf(value)['addr']);
      return {
        kind: 'dnat',
        address: receiverOf(address.includes(':') ? `[${address}]` : address).address,
        port: firstPort(value),
      };
    }
    default:
      return undefined;
  }
}

/** Of a range the first counts; 0 keeps the port. */
function firstPort(value: unknown): number {
  const port = Number.parseInt(valuesOf(fieldsOf(value)['port'])[0] ?? '0', 10);
  return Number.isInteger(port) ? port : 0;
}

function matchesOf({ op, left, right }: Fields): Match[] {
  const [kind = '', value] = Object.entries(fieldsOf(left))[0] ?? [];
  const operand: Operand = { negated: op === '!=', values: valuesOf(right) };
  const { key, protocol, field, result, flags } = fieldsOf(value);
  if (op !== '==' && op !== '!=' && op !== 'in') return [unknownMatch(`${kind} ${textOf(op)}`)];
  switch (kind) {
    case 'meta':
      return [metaMatch(textOf(key), operand)];
    case 'ct':
      return [connectionMatch(textOf(key), operand)];
    case 'payload':
      return headerMatches(textOf(protocol), textOf(field), operand);
    case 'fib': {
      const isLocal = result === 'type' && String(flags) === 'daddr' && operand.values[0] === 'local';
      return [isLocal ? { kind: 'local', negated: operand.negated } : unknownMatch('fib')];
    }
    default:
      return [unknownMatch(kind)];
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
