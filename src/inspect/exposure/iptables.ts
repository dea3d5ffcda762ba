import { parseCidr } from '../../base/ip.ts';
import { portRangeOf, type Chain, type Firewall, type Hook, type Match, type Rule, type Verdict } from './firewall.ts';

/** When the kernel walks a table: netfilter's priorities. */
const tablePriority: Readonly<Record<string, number>> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };
const hooks: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** Whether a text is the output of `iptables-save` or `ip6tables-save`. */
export function isIptablesSave(text: string): boolean {
  return /^\*(?:filter|nat|mangle|raw|security)\s*$/m.test(text.slice(0, 2000));
}

/** Reads `iptables-save` or `ip6tables-save`. Lines that are no rule are passed over; conditions that are not known stay as such. */
export function readIptablesSave(text: string): Firewall {
  const chains = new Map<string, Chain>();
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    else if (line.startsWith(':')) {
      const chain = declaredChain(line, table);
      chains.set(`${table}/${chain.name}`, chain);
    } else if (line.startsWith('-A ') || line.startsWith('[')) {
      const words = wordsOf(line.replace(/^\[\d+:\d+\]\s+/, ''));
      chains.get(`${table}/${words[1] ?? ''}`)?.rules.push(ruleOf(words.slice(2), index + 1));
    }
  }
  return { family: familyOf(text), chains };
}

function declaredChain(line: string, table: string): Chain {
  const [name = '', policy = ''] = line.slice(1).split(/\s+/);
  const at = hooks[name];
  if (at === undefined || policy === '-') return { table, name, rules: [] };
  const hook = { at, priority: tablePriority[table] ?? 0, policy: policy === 'DROP' ? 'drop' : 'accept' } as const;
  return { table, name, hook, rules: [] };
}

/** The dump does not name its family: only IPv6 has these words, and addresses with colons. */
function familyOf(text: string): Firewall['family'] {
  return /ip6tables-save|icmp6|ipv6-icmp|^-A .*-[sd] \S*:/m.test(text) ? 'ip6' : 'ip';
}

/** Words of a rule; what stands in double quotes is one. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>\S+)/g)].map(
    ({ groups }) => groups?.['quoted'] ?? groups?.['plain'] ?? '',
  );
}

/** Options of matches and targets that say nothing about which packets fit; all take one value. */
const passedOver = new Set([
  '-m',
  '--match',
  '--comment',
  '--log-prefix',
  '--log-level',
  '--reject-with',
  '--limit',
  '--limit-burst',
  '--to-source',
  '--tcp-flags',
]);

function ruleOf(words: readonly string[], line: number): Rule {
  const matches: Match[] = [];
  let target = '';
  let isGoto = false;
  let destination: string | undefined;
  let negated = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '!') {
      negated = true;
      continue;
    }
    const value = words[index + 1] ?? '';
    if (!word.startsWith('-')) continue;
    index++;
    if (word === '-j' || word === '-g') {
      target = value;
      isGoto = word === '-g';
    } else if (word === '--to-destination') destination = value;
    else if (word === '--to-ports') destination = `:${value}`;
    else if (word === '--tcp-flags') index++;
    else if (!passedOver.has(word)) matches.push(matchOf(word, value, negated));
    negated = false;
  }
  return { line, matches, verdict: verdictOf(target, isGoto, destination) };
}

function matchOf(word: string, value: string, negated: boolean): Match {
  switch (word) {
    case '-i':
      return { kind: 'in', names: [value], negated };
    case '-o':
      return { kind: 'out', names: [value], negated };
    case '-s':
    case '-d': {
      const ranges = value.split(',').flatMap((cidr) => parseCidr(cidr) ?? []);
      return { kind: word === '-s' ? 'source' : 'destination', ranges, negated };
    }
    case '-p':
      return { kind: 'protocol', names: [value], negated };
    case '--dport':
    case '--dports':
    case '--sport':
    case '--sports': {
      const ranges = value.split(',').flatMap((range) => portRangeOf(range) ?? []);
      return { kind: word.startsWith('--s') ? 'source-port' : 'port', ranges, negated };
    }
    case '--ctstate':
    case '--state':
      return stateMatch(value.split(','), negated);
    case '--match-set':
      return value.startsWith('docker-ext-bridges')
        ? { kind: 'bridged', negated }
        : { kind: 'unknown', text: `${word} ${value}` };
    case '--dst-type':
      return value === 'LOCAL' ? { kind: 'local', negated } : { kind: 'unknown', text: `${word} ${value}` };
    default:
      return { kind: 'unknown', text: `${word} ${value}` };
  }
}

function stateMatch(states: readonly string[], negated: boolean): Match {
  if (states.length === 1 && states[0] === 'DNAT') return { kind: 'dnat', negated };
  return { kind: 'state', states: states.map((state) => state.toLowerCase()), negated };
}

function verdictOf(target: string, isGoto: boolean, destination: string | undefined): Verdict {
  switch (target) {
    case 'ACCEPT':
      return { kind: 'accept' };
    case 'DROP':
    case 'REJECT':
      return { kind: 'drop' };
    case 'RETURN':
      return { kind: 'return' };
    case 'DNAT':
      return { kind: 'dnat', ...receiverOf(destination ?? '') };
    case 'REDIRECT':
      return { kind: 'dnat', ...receiverOf(destination ?? ''), address: undefined };
    case '':
    case 'LOG':
    case 'NFLOG':
    case 'MARK':
    case 'CONNMARK':
    case 'MASQUERADE':
    case 'SNAT':
    case 'TCPMSS':
    case 'TRACE':
      return { kind: 'none' };
    default:
      return { kind: isGoto ? 'goto' : 'jump', chain: target };
  }
}

/** `172.17.0.2:80`, `[fd00::2]:80`, `172.17.0.2`, `:8080`; of ranges the first counts. */
export function receiverOf(text: string): { readonly address: string; readonly port: number } {
  const groups = /^(?:\[(?<v6>[^\]]*)\]|(?<v4>[^:\s-]*))(?:-[^:]*)?(?::(?<port>\d+))?/.exec(text)?.groups;
  if (groups?.['v6'] === undefined && text.split(':').length > 2) return { address: text, port: 0 };
  return { address: groups?.['v6'] ?? groups?.['v4'] ?? '', port: Number(groups?.['port'] ?? 0) };
}
