import { VakthundError } from '../../../base/errors.ts';
import { parseCidr, parseIp } from '../../../base/ip.ts';
import type { FlowFacts } from '../../../collect/source.ts';

export type FlowTest = (flow: FlowFacts) => boolean;

/** Deeper nesting is no question that anybody asks. */
const maxDepth = 32;

/**
 * A test of connections from words of libpcap's filters: `host`, `net` and `port`, each after `src` or `dst` or neither, `tcp`,
 * `udp`, `icmp`, `sctp`, joined by `and`, `or`, `not` and parentheses. `src` is who opened the connection.
 */
export function parseFilter(text: string): FlowTest {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  const parser = new Parser(words, text);
  const test = parser.either(0);
  parser.end();
  return test;
}

class Parser {
  readonly #words: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(words: readonly string[], text: string) {
    this.#words = words;
    this.#text = text;
  }

  either(depth: number): FlowTest {
    let test = this.#all(depth);
    while (this.#take('or') || this.#take('||')) {
      const [left, right] = [test, this.#all(depth)];
      test = (flow) => left(flow) || right(flow);
    }
    return test;
  }

  end(): void {
    if (this.#at < this.#words.length) this.#fail(`"${this.#words[this.#at]}" is not understood there`);
  }

  #all(depth: number): FlowTest {
    let test = this.#one(depth);
    while (this.#take('and') || this.#take('&&')) {
      const [left, right] = [test, this.#one(depth)];
      test = (flow) => left(flow) && right(flow);
    }
    return test;
  }

  #one(depth: number): FlowTest {
    if (depth > maxDepth) this.#fail('it is nested too deep');
    if (this.#take('not') || this.#take('!')) {
      const inner = this.#one(depth + 1);
      return (flow) => !inner(flow);
    }
    if (this.#take('(')) {
      const inner = this.either(depth + 1);
      if (!this.#take(')')) this.#fail('a parenthesis is not closed');
      return inner;
    }
    return this.#term();
  }

  #term(): FlowTest {
    const side = this.#take('src') ? 'src' : this.#side();
    const word = this.#next();
    if (word === 'host' || word === 'net') return this.#address(side, word);
    if (word === 'port') return this.#port(side);
    if (side === 'both' && /^(?:tcp|udp|icmp|sctp)$/.test(word)) return ({ transport }) => transport === word;
    return this.#fail(`"${word}" is not understood there`);
  }

  #side(): 'dst' | 'both' {
    return this.#take('dst') ? 'dst' : 'both';
  }

  #address(side: string, word: string): FlowTest {
    const text = this.#next();
    const range = word === 'host' && parseIp(text) === undefined ? undefined : parseCidr(text);
    if (range === undefined) return this.#fail(`"${text}" is no ${word === 'host' ? 'address' : 'network'}`);
    const holds = (ip: string): boolean => {
      const address = parseIp(ip);
      return address !== undefined && address >= range.first && address <= range.last;
    };
    return (flow) => (side !== 'dst' && holds(flow.sourceIp)) || (side !== 'src' && holds(flow.destinationIp));
  }

  #port(side: string): FlowTest {
    const text = this.#next();
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port > 65_535) this.#fail(`"${text}" is no port`);
    return (flow) => (side !== 'dst' && flow.sourcePort === port) || (side !== 'src' && flow.destinationPort === port);
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    return this.#words[this.#at++] ?? this.#fail('it ends too early');
  }

  #fail(what: string): never {
    throw new VakthundError('USAGE', `the filter "${this.#text}" cannot be read: ${what}`, {
      hint: 'such as: host 10.0.0.1 and tcp and not port 22',
    });
  }
}
