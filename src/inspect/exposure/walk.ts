import { parseIp, type IpNumber, type IpRange } from '../../base/ip.ts';
import type { Chain, Firewall, Hook, Match, Rule } from './firewall.ts';

/** The first packet of a connection. */
export interface Packet {
  readonly interface: string;
  readonly source: IpNumber;
  readonly destination: IpNumber;
  /** The destination is an address of this machine. */
  readonly isLocal: boolean;
  readonly protocol: string;
  readonly port: number;
}

/** What became of a packet, and the rule that decided; no rule when it was the policy of a chain. */
export interface Fate {
  readonly isAccepted: boolean;
  /** The packet as it was when it came to its end: receiver and port after DNAT. */
  readonly packet: Packet;
  readonly rule: Rule | undefined;
  /** Through which hooks it went. */
  readonly way: 'input' | 'forward';
  /** The rule that changed its receiver. */
  readonly redirectedBy: Rule | undefined;
  /** A rule that would have turned it away, had its condition held that is not understood. */
  readonly doubt: Rule | undefined;
}

/** Chains that are entered one inside another; the kernel itself stops at 16 jumps in nftables. */
const maxJumps = 64;
/** How many rules may still be looked at: chains that jump to one another from many rules multiply. */
export interface RuleBudget {
  left: number;
}

/**
 * Follows the first packet of a connection through the rules of its family: prerouting with DNAT, then input, or forward when the
 * receiver is not this machine any more. `outOf` names the interface through which an address is reached. A condition that depends
 * on more than the packet is taken as not met.
 */
export function walkFirewall(
  firewall: Firewall,
  packet: Packet,
  outOf: (address: IpNumber) => string | undefined,
  budget: RuleBudget,
): Fate {
  const walk = new Walk(firewall, budget);
  const before = walk.through('prerouting', packet, undefined);
  if (!before.isAccepted) return { ...before, way: 'input', redirectedBy: walk.redirectedBy, doubt: walk.doubt };
  const way = before.packet.isLocal ? 'input' : 'forward';
  const out = way === 'forward' ? outOf(before.packet.destination) : undefined;
  return { ...walk.through(way, before.packet, out), way, redirectedBy: walk.redirectedBy, doubt: walk.doubt };
}

interface Step {
  readonly isAccepted: boolean;
  readonly packet: Packet;
  readonly rule: Rule | undefined;
}

class Walk {
  readonly #firewall: Firewall;
  readonly #budget: RuleBudget;
  #packet: Packet | undefined;
  /** As the caller sent it. */
  #original: Packet | undefined;
  #out: string | undefined;
  redirectedBy: Rule | undefined;
  doubt: Rule | undefined;

  constructor(firewall: Firewall, budget: RuleBudget) {
    this.#firewall = firewall;
    this.#budget = budget;
  }

  through(hook: Hook, packet: Packet, out: string | undefined): Step {
    this.#packet = packet;
    this.#original ??= packet;
    this.#out = out;
    const entered = [...this.#firewall.chains.values()].filter((chain) => chain.hook?.at === hook);
    entered.sort((a, b) => (a.hook?.priority ?? 0) - (b.hook?.priority ?? 0));
    let last: Rule | undefined;
    for (const chain of entered) {
      const end = this.#chain(chain, 0);
      const isDropped = end === undefined ? chain.hook?.policy === 'drop' : end.kind === 'drop';
      if (isDropped) return { isAccepted: false, packet: this.#packet, rule: end?.rule };
      last = end?.rule ?? last;
    }
    return { isAccepted: true, packet: this.#packet, rule: last };
  }

  /** The decision of a chain; undefined when it ends without one. */
  #chain(chain: Chain, depth: number): { readonly kind: 'accept' | 'drop'; readonly rule: Rule } | undefined {
    if (depth > maxJumps) return undefined;
    for (const rule of chain.rules) {
      if (--this.#budget.left < 0) return undefined;
      if (!rule.matches.every((match) => this.#fits(match))) {
        if (rule.verdict.kind === 'drop' && this.#mightFit(rule)) this.doubt ??= rule;
        continue;
      }
      const { verdict } = rule;
      switch (verdict.kind) {
        case 'accept':
        case 'drop':
          return { kind: verdict.kind, rule };
        case 'return':
          return undefined;
        case 'none':
          break;
        case 'dnat':
          this.#redirect(verdict, rule);
          return { kind: 'accept', rule };
        case 'jump':
        case 'goto': {
          const target = this.#firewall.chains.get(`${chain.table}/${verdict.chain}`);
          const end = target === undefined ? undefined : this.#chain(target, depth + 1);
          if (end !== undefined || verdict.kind === 'goto') return end;
        }
      }
    }
    return undefined;
  }

  #redirect(to: { readonly address: string | undefined; readonly port: number }, rule: Rule): void {
    if (this.#packet === undefined) return;
    const destination = to.address === undefined ? undefined : parseIp(to.address);
    this.redirectedBy = rule;
    this.#packet = {
      ...this.#packet,
      ...(destination === undefined ? {} : { destination, isLocal: false }),
      port: to.port === 0 ? this.#packet.port : to.port,
    };
  }

  #mightFit({ matches }: Rule): boolean {
    return matches.every((match) => match.kind === 'unknown' || this.#fits(match));
  }

  #fits(match: Match): boolean {
    const packet = this.#packet;
    if (packet === undefined || match.kind === 'unknown') return false;
    return this.#holds(match, packet) !== match.negated;
  }

  #holds(match: Exclude<Match, { kind: 'unknown' }>, packet: Packet): boolean {
    const asked = this.#original ?? packet;
    switch (match.kind) {
      case 'in':
        return match.names.some((name) => isInterface(name, packet.interface));
      case 'out':
        return match.names.some((name) => isInterface(name, this.#out ?? ''));
      case 'source':
        return holds(match.ranges, packet.source);
      case 'destination':
        return holds(match.ranges, packet.destination);
      case 'protocol':
        return match.names.includes(packet.protocol) || match.names.includes('all');
      case 'port':
        return match.ranges.some(({ first, last }) => first <= packet.port && packet.port <= last);
      case 'source-port':
        return match.ranges.some(({ first, last }) => first <= callerPort && callerPort <= last);
      case 'state':
        return match.states.includes('new');
      case 'local':
        return packet.isLocal;
      case 'bridged':
        return this.#out !== undefined;
      case 'original-port':
        return match.ranges.some(({ first, last }) => first <= asked.port && asked.port <= last);
      case 'original-destination':
        return holds(match.ranges, asked.destination);
      case 'family':
        return match.names.includes(this.#firewall.family);
      case 'any':
        this.#budget.left -= match.alternatives.length >> 4;
        return match.alternatives.some((all) => all.every((one) => this.#fits(one)));
      case 'dnat':
        return this.redirectedBy !== undefined;
    }
  }
}

/** Port from which a stranger calls: out of the range that every system uses. */
const callerPort = 51_000;

/** `eth+` is every interface that begins so, `eth*` in nftables. */
function isInterface(pattern: string, name: string): boolean {
  return /[+*]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function holds(ranges: readonly IpRange[], address: IpNumber): boolean {
  return ranges.some(({ first, last }) => first <= address && address <= last);
}
