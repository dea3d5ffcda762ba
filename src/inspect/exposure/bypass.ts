import { formatIp, parseIp, type IpNumber, type IpRange } from '../../base/ip.ts';
import type { Firewall, Match, Rule } from './firewall.ts';
import { isLoopback } from './sockets.ts';
import { walkFirewall, type Packet, type RuleBudget } from './walk.ts';

/** A port that strangers reach although the rules for this machine itself turn them away: DNAT leads around those rules. */
export interface Bypass {
  readonly protocol: string;
  /** Port that strangers call, and where the call ends. */
  readonly port: number;
  readonly address: string;
  readonly receiverPort: number;
  /** Address of this machine that is called; empty is any. */
  readonly hostAddress: string;
  /** Interface on which they come; empty is any. */
  readonly interface: string;
  /** Line of the rule that redirects, and of the one that lets the packet through (undefined: the policy). */
  readonly redirectLine: number;
  readonly acceptLine: number | undefined;
  /** Files of the two, where rules of several files stand together. */
  readonly redirectPath?: string;
  readonly acceptPath?: string;
  /** A rule on the way that turns away by a condition that is not understood. */
  readonly doubt?: { readonly line: number; readonly path?: string; readonly condition: string };
}

export interface BypassSearch {
  readonly bypasses: readonly Bypass[];
  /** False when the rule set was too large to be walked to its end. */
  readonly isComplete: boolean;
}

/** Rules looked at for one rule set: a second's work; a host that publishes five hundred ports needs that. */
const maxRules = 3_000_000;
/** Rules that redirect are asked one by one: more than that is no firewall of one machine. */
const maxRedirects = 4096;
/** Addresses all over the Internet: a caller of whom no rule speaks is one that none of the rules names. */
const strangers4 = ['8.8.8.8', '93.184.216.34', '151.101.1.69', '45.33.32.156', '203.0.113.77', '198.51.100.77'];
const strangers6 = ['2606:2800:220:1:248:1893:25c8:1946', '2a04:4e42::644', '2001:4860:4860::8888', '2400:cb00::1'];
const ownAddresses4 = ['100.64.13.7', '198.18.13.7', '203.0.113.13'];
const ownAddresses6 = ['2001:db8:ffff::7', '2001:db8:eeee::7'];

/**
 * Ports that are redirected (published containers) and open to strangers while the input rules close them to strangers. Nothing for a
 * firewall without input rules that close: there nothing is led around.
 */
export function findBypasses(firewall: Firewall): BypassSearch {
  const ground = new Ground(firewall);
  const found = new Map<string, Bypass>();
  for (const rule of ground.redirects) {
    for (const entry of ground.entries) {
      for (const { protocol, port } of portsOf(rule.matches)) {
        const bypass = ground.ask(rule, entry, protocol, port);
        if (bypass === undefined) continue;
        const key = `${protocol} ${port} ${bypass.hostAddress}`;
        const known = found.get(key);
        // From anywhere says more than by one interface, and what is sure more than what is likely.
        if (known === undefined || (known.doubt !== undefined && bypass.doubt === undefined)) found.set(key, bypass);
      }
    }
  }
  return { bypasses: [...found.values()], isComplete: ground.budget.left > 0 };
}

class Ground {
  readonly #firewall: Firewall;
  readonly budget: RuleBudget = { left: maxRules };
  readonly #stranger: IpNumber;
  readonly #own: IpNumber;
  readonly #routes: readonly { readonly ranges: readonly IpRange[]; readonly out: string }[];
  readonly redirects: readonly Rule[];
  /** Interfaces on which strangers may come; empty stands for one that no rule names. */
  readonly entries: readonly string[];

  constructor(firewall: Firewall) {
    this.#firewall = firewall;
    const rules = [...firewall.chains.values()].flatMap((chain) => chain.rules);
    const isIp6 = firewall.family === 'ip6';
    const named = rules
      .flatMap(({ matches }) => matches.flatMap(rangesOf))
      // Half of all addresses names nobody; two halves are how a set writes everybody.
      .filter(({ first, last }) => last - first < 2n ** (isIp6 ? 96n : 31n) - 1n);
    this.#stranger = unnamed(isIp6 ? strangers6 : strangers4, named);
    this.#own = unnamed(isIp6 ? ownAddresses6 : ownAddresses4, named);
    this.redirects = rules.filter(({ verdict }) => verdict.kind === 'dnat').slice(0, maxRedirects);
    this.#routes = rules.flatMap(routeOf);
    const bridges = new Set(this.#routes.map(({ out }) => out));
    const entriesOf = (names: readonly string[]): string[] => [
      ...new Set(
        names.filter((name) => !isInside(name) && !bridges.has(name)).map((name) => name.replace(/[+*]$/, '0')),
      ),
    ];
    const outside = entriesOf(rules.flatMap(turnedAway));
    // An interface that is only let in may be one of one's own: who else comes is asked too.
    this.entries = outside.length > 0 ? outside : ['', ...entriesOf(rules.flatMap(letIn))];
  }

  ask(rule: Rule, entry: string, protocol: string, port: number): Bypass | undefined {
    const hostAddress = ownAddressIn(rule.matches);
    if (hostAddress !== undefined && isLoopback(hostAddress)) return undefined;
    const destination = hostAddress === undefined ? this.#own : (parseIp(hostAddress) ?? this.#own);
    const packet: Packet = { interface: entry, source: this.#stranger, destination, isLocal: true, protocol, port };
    const fate = this.#walk(this.#firewall, packet);
    const isOpen = fate.isAccepted && fate.way === 'forward' && fate.redirectedBy === rule;
    if (!isOpen || this.#walk(withoutRedirects(this.#firewall), packet).isAccepted) return undefined;
    return {
      protocol,
      port,
      address: formatIp(fate.packet.destination),
      receiverPort: fate.packet.port,
      hostAddress: hostAddress ?? '',
      interface: entry,
      redirectLine: rule.line,
      acceptLine: fate.rule?.line,
      ...(rule.path === undefined ? {} : { redirectPath: rule.path }),
      ...(fate.rule?.path === undefined ? {} : { acceptPath: fate.rule.path }),
      ...(fate.doubt === undefined ? {} : { doubt: doubtOf(fate.doubt) }),
    };
  }

  #walk(firewall: Firewall, packet: Packet): ReturnType<typeof walkFirewall> {
    return walkFirewall(firewall, packet, (address) => this.#outOf(address), this.budget);
  }

  #outOf(address: IpNumber): string | undefined {
    return this.#routes.find(({ ranges }) => ranges.some(({ first, last }) => first <= address && address <= last))
      ?.out;
  }
}

function doubtOf({ line, path, matches }: Rule): NonNullable<Bypass['doubt']> {
  const condition = matches.flatMap((match) => (match.kind === 'unknown' ? [match.text] : [])).join(', ');
  return { line, condition, ...(path === undefined ? {} : { path }) };
}

/** The same rules as if no port were published: what the rules for the machine itself say. */
function withoutRedirects(firewall: Firewall): Firewall {
  const chains = [...firewall.chains].map(([key, chain]) => {
    const rules = chain.rules.filter(({ verdict }) => verdict.kind !== 'dnat');
    return [key, { ...chain, rules }] as const;
  });
  return { ...firewall, chains: new Map(chains) };
}

function rangesOf(match: Match): readonly IpRange[] {
  if (match.kind === 'any') return match.alternatives.flatMap((all) => all.flatMap(rangesOf));
  return match.kind === 'source' || match.kind === 'destination' ? match.ranges : [];
}

function unnamed(candidates: readonly string[], named: readonly IpRange[]): IpNumber {
  const numbers = candidates.flatMap((text) => parseIp(text) ?? []);
  return numbers.find((ip) => !named.some(({ first, last }) => first <= ip && ip <= last)) ?? numbers[0] ?? 0n;
}

/** Interfaces by which a rule turns packets away, or sorts them: who names one there means the way in from outside. */
function turnedAway({ matches, verdict }: Rule): readonly string[] {
  if (verdict.kind !== 'drop' && verdict.kind !== 'jump' && verdict.kind !== 'goto') return [];
  return matches.flatMap((match) => (match.kind === 'in' ? match.names : []));
}

/** Interfaces from which a rule lets packets in. */
function letIn({ matches, verdict }: Rule): readonly string[] {
  if (verdict.kind !== 'accept') return [];
  return matches.flatMap((match) => (match.kind === 'in' && !match.negated ? match.names : []));
}

/** Loopback, networks of one's own, and bridges, by the names that systems and engines give them. */
function isInside(name: string): boolean {
  return /^(?:lo|tailscale.*|wg\d*|tun\d*|tap\d*|zt.*|nebula.*|docker(?:\d+|_gwbridge)|br-[0-9a-f]{12}|podman\d+|cni(?:-podman)?\d+|veth.*|virbr\d+|lxcbr\d+)$/.test(
    name,
  );
}

/**
 * Which interface leads to which addresses, from the rules that say both: masquerading of a bridge's network towards all but the bridge,
 * forwarding to an address out of its bridge, and keeping strangers out of a network without a way out.
 */
function routeOf({ matches }: Rule): { readonly ranges: readonly IpRange[]; readonly out: string }[] {
  const out = matches.find((match) => match.kind === 'out');
  const source = matches.find((match) => match.kind === 'source');
  const destination = matches.find((match) => match.kind === 'destination');
  const [name] = out?.kind === 'out' ? out.names : [];
  if (out?.kind !== 'out' || name === undefined) return [];
  // Of a network without a way out, the engine drops what comes from elsewhere.
  if (source?.kind === 'source' && out.negated !== source.negated) return [{ ranges: source.ranges, out: name }];
  if (!out.negated && destination?.kind === 'destination' && !destination.negated) {
    return [{ ranges: destination.ranges, out: name }];
  }
  return [];
}

function ownAddressIn(matches: readonly Match[]): string | undefined {
  const match = matches.find(({ kind }) => kind === 'destination');
  if (match?.kind !== 'destination' || match.negated || match.ranges[0] === undefined) return undefined;
  return formatIp(match.ranges[0].first);
}

/** The ports for which a rule redirects: each of a list, the ends of a range. */
function portsOf(matches: readonly Match[]): { readonly protocol: string; readonly port: number }[] {
  const protocol = matches.find(({ kind }) => kind === 'protocol');
  const port = matches.find(({ kind }) => kind === 'port');
  const protocols = protocol?.kind === 'protocol' ? protocol.names : ['tcp'];
  const ports = port?.kind === 'port' && !port.negated ? port.ranges.flatMap(({ first, last }) => [first, last]) : [];
  return protocols.flatMap((name) => [...new Set(ports)].map((number) => ({ protocol: name, port: number })));
}
