import { parseCidr, type IpRange } from '../../base/ip.ts';
import { portRangeOf, type Chain, type Firewall, type Match, type Rule } from './firewall.ts';

/** A set of the kernel as `ipset save` tells it: the type says what each part of an entry is (`hash:ip,port`). */
export interface IpSet {
  readonly name: string;
  readonly type: string;
  /** `192.0.2.5,tcp:80`; of a `list:set` names of other sets. */
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly value: string;
  /** An exception from wider entries (`nomatch`). */
  readonly isExcepted: boolean;
}

export type IpSets = ReadonlyMap<string, IpSet>;

/** Entries that all sets of one file may have. */
const maxEntries = 500_000;

/** Whether a text is the output of `ipset save`. */
export function isIpsetSave(text: string): boolean {
  return /^\s*create \S+ (?:hash|bitmap|list):[a-z,]+(?: |$)/m.test(text.slice(0, 2000));
}

/** Reads `ipset save`; what is neither `create` nor `add` is passed over. Of an entry's options only `nomatch` counts. */
export function readIpsetSave(text: string): IpSets {
  const sets = new Map<string, { readonly name: string; readonly type: string; readonly entries: Entry[] }>();
  let left = maxEntries;
  for (const line of text.split('\n')) {
    const [verb, name = '', what = '', ...options] = line.trim().split(/\s+/);
    if (verb === 'create') sets.set(name, { name, type: what, entries: [] });
    else if (verb === 'add' && --left >= 0) {
      sets.get(name)?.entries.push({ value: what, isExcepted: options.includes('nomatch') });
    }
  }
  // A set that is not whole says nothing of who is not in it.
  return left >= 0 ? sets : new Map();
}

/** The same rules, with `--match-set` as what stands in the set; of sets that are not given it stays not understood. */
export function withSets(firewall: Firewall, sets: IpSets): Firewall {
  if (sets.size === 0) return firewall;
  const known = new Map<string, KnownMatch | undefined>();
  const resolved = (match: Match): Match => {
    if (match.kind !== 'unknown' || match.set === undefined) return match;
    const key = `${match.set.name} ${match.set.directions.join(',')}`;
    if (!known.has(key)) known.set(key, membership(match.set.name, match.set.directions, sets));
    const found = known.get(key);
    return found === undefined ? match : { ...found, negated: match.set.negated };
  };
  const chains = [...firewall.chains].map(([key, chain]): [string, Chain] => [
    key,
    { ...chain, rules: chain.rules.map((rule): Rule => ({ ...rule, matches: rule.matches.map(resolved) })) },
  ]);
  return { ...firewall, chains: new Map(chains) };
}

type KnownMatch = Exclude<Match, { kind: 'unknown' }>;

/** That a packet stands in a set; undefined when parts of its entries are more than the packet, or it is not given. */
function membership(name: string, directions: readonly string[], sets: IpSets): KnownMatch | undefined {
  const set = sets.get(name);
  if (set === undefined) return undefined;
  if (set.type === 'list:set') {
    // The kernel puts no list into a list.
    const inner = set.entries.map(({ value }) =>
      sets.get(value)?.type === 'list:set' ? undefined : membership(value, directions, sets),
    );
    if (inner.includes(undefined)) return undefined;
    return { kind: 'any', alternatives: inner.map((match) => [match as KnownMatch]), negated: false };
  }
  const parts = set.type.replace(/^\w+:/, '').split(',');
  const entries = set.entries.filter(({ isExcepted }) => !isExcepted);
  const inside = anyOf(parts, directions, entries);
  if (inside === undefined || entries.length === set.entries.length) return inside;
  const excepted = anyOf(
    parts,
    directions,
    set.entries.filter(({ isExcepted }) => isExcepted),
  );
  if (excepted === undefined) return undefined;
  return { kind: 'any', alternatives: [[inside, { ...excepted, negated: true }]], negated: false };
}

function anyOf(
  parts: readonly string[],
  directions: readonly string[],
  entries: readonly Entry[],
): KnownMatch | undefined {
  const alternatives: KnownMatch[][] = [];
  for (const { value } of entries) {
    const values = value.split(',');
    const matches = parts.map((part, index) => matchesOf(part, directions[index] ?? '', values[index] ?? ''));
    if (matches.includes(undefined)) return undefined;
    alternatives.push(matches.flatMap((match) => match ?? []));
  }
  return joined(alternatives) ?? { kind: 'any', alternatives, negated: false };
}

/** Of a set of addresses one condition with all of them: they have tens of thousands. */
function joined(alternatives: readonly (readonly KnownMatch[])[]): KnownMatch | undefined {
  const [first] = alternatives[0] ?? [];
  if (first?.kind !== 'source' && first?.kind !== 'destination') return undefined;
  const ranges: IpRange[] = [];
  for (const [match, ...more] of alternatives) {
    if (match?.kind !== first.kind || more.length > 0) return undefined;
    ranges.push(...match.ranges);
  }
  return { ...first, ranges };
}

/** One part of an entry; undefined for hardware addresses, marks and what is no value of its kind. */
function matchesOf(part: string, direction: string, value: string): readonly KnownMatch[] | undefined {
  const isSource = direction === 'src';
  if (!isSource && direction !== 'dst') return undefined;
  switch (part) {
    case 'ip':
    case 'net': {
      const range = rangeOf(value);
      if (range === undefined) return undefined;
      return [{ kind: isSource ? 'source' : 'destination', ranges: [range], negated: false }];
    }
    case 'port':
      return portMatches(value, isSource);
    case 'iface':
      if (value.startsWith('physdev:')) return undefined;
      return [{ kind: isSource ? 'in' : 'out', names: [value], negated: false }];
    default:
      return undefined;
  }
}

/** `80`, `tcp:80`, `udp:53-60`. A bitmap of ports is about TCP and UDP. */
function portMatches(value: string, isSource: boolean): readonly KnownMatch[] | undefined {
  const groups = /^(?:(?<protocol>\w+):)?(?<ports>[\d-]+)$/.exec(value)?.groups;
  const range = portRangeOf(groups?.['ports'] ?? '-');
  if (range === undefined) return undefined;
  const protocol = groups?.['protocol'];
  return [
    { kind: 'protocol', names: protocol === undefined ? ['tcp', 'udp'] : [protocol], negated: false },
    { kind: isSource ? 'source-port' : 'port', ranges: [range], negated: false },
  ];
}

function rangeOf(value: string): IpRange | undefined {
  const [first, last] = value.split('-').map((part) => parseCidr(part));
  if (first === undefined) return undefined;
  return last === undefined ? first : { first: first.first, last: last.last };
}
