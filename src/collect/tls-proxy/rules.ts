import { VakthundError } from '../../base/errors.ts';
import { canonicalIp, parseCidr, parseIp, type IpRange } from '../../base/ip.ts';
import { quote } from '../../base/problem.ts';

/** `inspect` decrypts, `bypass` passes the bytes on untouched, `block` ends the connection. */
export type ProxyAction = 'inspect' | 'bypass' | 'block';

export interface ProxyVerdict {
  readonly action: ProxyAction;
  /** The rule as it is written, with its line; `default` when none fits. */
  readonly rule: string;
}

interface Rule extends ProxyVerdict {
  readonly order: number;
}

const actions: ReadonlySet<string> = new Set<ProxyAction>(['inspect', 'bypass', 'block']);
const strictness: Readonly<Record<ProxyAction, number>> = { bypass: 0, inspect: 1, block: 2 };
const maxRules = 1_000_000;

/**
 * Rules by name, the first that fits counts. A line is `ACTION PATTERN`; `#` begins a comment. A pattern is a host name, `*.name` for
 * a name and all below it, `*`, an address or network, or `no-name` for a hello without a server name.
 * What no rule names is inspected. Judging costs a look-up for each label, however many rules there are; networks are tried in turn.
 */
export class ProxyRules {
  readonly #names = new Map<string, Rule>();
  readonly #below = new Map<string, Rule>();
  readonly #networks: { readonly range: IpRange; readonly rule: Rule }[] = [];
  #any: Rule | undefined;
  #nameless: Rule | undefined;
  #count = 0;

  /** A line that cannot be read is an error: a rule that is left out would open what should stay closed. */
  static parse(text: string, path: string): ProxyRules {
    const rules = new ProxyRules();
    for (const [index, line] of text.split('\n').entries()) {
      const words = line.replace(/#.*$/, '').trim();
      if (words === '') continue;
      const [action = '', pattern = '', ...rest] = words.split(/\s+/);
      const at = { path, line: index + 1 };
      if (!isAction(action) || rest.length > 0) {
        throw new VakthundError('CONFIG', `${quote(words)} is no rule`, {
          at,
          hint: 'a line is "inspect", "bypass" or "block" and one pattern: bypass *.bank.example',
        });
      }
      if (++rules.#count > maxRules) throw new VakthundError('CONFIG', `more than ${maxRules} rules`, { at });
      const rule = { action, rule: `line ${index + 1}: ${action} ${pattern}`, order: index };
      if (!rules.#add(pattern.toLowerCase(), rule)) {
        throw new VakthundError('CONFIG', `${quote(pattern)} is no name, network, "*" or "no-name"`, { at });
      }
    }
    return rules;
  }

  /** Some rules go by where a connection leads: they cannot be judged before that is known. */
  get hasNetworks(): boolean {
    return this.#networks.length > 0;
  }

  /**
   * What to do with a connection. `names` are all that it is called by, such as the host that was asked for and the name in the hello:
   * where they lead to different actions the strictest counts, so that a harmless name does not carry another one through.
   */
  judge(names: readonly string[], address: string | undefined): ProxyVerdict {
    const verdicts =
      names.length === 0 ? [this.#one(undefined, address)] : names.map((name) => this.#one(name, address));
    return verdicts.reduce((a, b) => (strictness[b.action] > strictness[a.action] ? b : a));
  }

  #one(text: string | undefined, address: string | undefined): ProxyVerdict {
    const fitting = [this.#any];
    const name = text === undefined ? undefined : plainName(text);
    if (name === undefined) fitting.push(this.#nameless);
    else {
      fitting.push(this.#names.get(name));
      for (let at = 0; at >= 0; at = name.indexOf('.', at + 1)) {
        fitting.push(this.#below.get(at === 0 ? name : name.slice(at + 1)));
      }
    }
    if (address !== undefined) fitting.push(this.#networkOf(address));
    let first: Rule | undefined;
    for (const rule of fitting) {
      if (rule !== undefined && (first === undefined || rule.order < first.order)) first = rule;
    }
    return first ?? { action: 'inspect', rule: 'default' };
  }

  #networkOf(address: string): Rule | undefined {
    const number = parseIp(address);
    if (number === undefined) return undefined;
    return this.#networks.find(({ range }) => range.first <= number && number <= range.last)?.rule;
  }

  /** The first rule with a pattern stays. */
  #add(pattern: string, rule: Rule): boolean {
    const below = pattern.startsWith('*.') ? pattern.slice(2) : undefined;
    const range = parseCidr(pattern);
    if (pattern === '*') this.#any ??= rule;
    else if (pattern === 'no-name') this.#nameless ??= rule;
    else if (range !== undefined) this.#networks.push({ range, rule });
    else if (below !== undefined && isName(below)) keepFirst(this.#below, plainName(below), rule);
    else if (isName(pattern)) keepFirst(this.#names, plainName(pattern), rule);
    else return false;
    return true;
  }
}

function keepFirst(map: Map<string, Rule>, key: string, rule: Rule): void {
  if (!map.has(key)) map.set(key, rule);
}

function isAction(word: string): word is ProxyAction {
  return actions.has(word);
}

/** In lower case, without the dot of the root. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** A host name as DNS has it, and no address. */
export function isName(text: string): boolean {
  if (text.length > 254 || canonicalIp(text) !== undefined) return false;
  return plainName(text)
    .split('.')
    .every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
}
