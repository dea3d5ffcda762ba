import type { Condition, FieldTest, Subject, TextTest } from '../condition.ts';
import { subjectKey } from './subjects.ts';

/** A condition with a number: equal parts of one set of rules are one node, so that each is compiled and evaluated once. */
export type Node =
  | { readonly id: number; readonly kind: 'always' | 'never' }
  | { readonly id: number; readonly kind: 'all' | 'any' | 'one'; readonly of: readonly Node[] }
  | { readonly id: number; readonly kind: 'not'; readonly of: Node }
  | { readonly id: number; readonly kind: 'test'; readonly test: FieldTest };

/** Makes nodes; equal ones are the same object. */
export class Interner {
  readonly #nodes = new Map<string, Node>();
  readonly #seen = new WeakMap<Condition, Node>();
  readonly always: Node = { id: 0, kind: 'always' };
  readonly never: Node = { id: 1, kind: 'never' };

  intern(condition: Condition): Node {
    const known = this.#seen.get(condition);
    if (known !== undefined) return known;
    const node = this.#make(condition);
    this.#seen.set(condition, node);
    return node;
  }

  #make(condition: Condition): Node {
    if (condition.kind === 'always') return this.always;
    if (condition.kind === 'never') return this.never;
    if (condition.kind === 'not') return this.not(this.intern(condition.of));
    if (condition.kind === 'all' || condition.kind === 'any' || condition.kind === 'one') {
      return this.group(
        condition.kind,
        condition.of.map((inner) => this.intern(inner)),
      );
    }
    return this.#node(testKey(condition), (id) => ({ id, kind: 'test', test: condition }));
  }

  not(of: Node): Node {
    if (of === this.always) return this.never;
    if (of === this.never) return this.always;
    return of.kind === 'not' ? of.of : this.#node(`!${of.id}`, (id) => ({ id, kind: 'not', of }));
  }

  /** A conjunction, disjunction or choice; constants, nested groups of the same kind and repeated members are resolved. */
  group(kind: 'all' | 'any' | 'one', of: readonly Node[]): Node {
    if (kind === 'one') return this.#one(of);
    const [neutral, deciding] = kind === 'all' ? [this.always, this.never] : [this.never, this.always];
    const members = new Set<Node>();
    for (const member of of) {
      if (member === deciding) return deciding;
      if (member === neutral) continue;
      if (member.kind === kind) for (const inner of member.of) members.add(inner);
      else members.add(member);
    }
    const joined = kind === 'any' ? this.#joinLiterals([...members]) : [...members];
    const [first] = joined;
    if (first === undefined) return neutral;
    return joined.length === 1 ? first : this.#group(kind, joined);
  }

  /** Alternatives that compare one subject in one way become one test of all their values: a look-up instead of a chain. */
  #joinLiterals(members: readonly Node[]): readonly Node[] {
    const groups = new Map<string, TextTest[]>();
    const others: Node[] = [];
    for (const member of members) {
      const test = member.kind === 'test' && member.test.kind === 'text' ? member.test : undefined;
      if (test === undefined || test.quantor === 'every') {
        others.push(member);
        continue;
      }
      const key = `${test.operator} ${test.ignoreCase} ${subjectKey(test.subject)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [test]);
      else group.push(test);
    }
    if (groups.size + others.length === members.length) return members;
    for (const [first, ...rest] of groups.values()) {
      if (first === undefined) continue;
      const values = rest.length === 0 ? first.values : [...new Set([first, ...rest].flatMap((test) => test.values))];
      others.push(this.intern({ ...first, values }));
    }
    return others;
  }

  #one(of: readonly Node[]): Node {
    const left = of.filter((member) => member !== this.never);
    const [first] = left;
    if (first === undefined) return this.never;
    return left.length === 1 ? first : this.#group('one', left);
  }

  #group(kind: 'all' | 'any' | 'one', of: readonly Node[]): Node {
    return this.#node(`${kind} ${of.map((member) => member.id).join(' ')}`, (id) => ({ id, kind, of }));
  }

  #node(key: string, make: (id: number) => Node): Node {
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = make(this.#nodes.size + 2);
      this.#nodes.set(key, node);
    }
    return node;
  }
}

function testKey(test: FieldTest): string {
  return JSON.stringify(test, (key, value: unknown) => {
    if (key === 'subject' || key === 'right') return subjectKey(value as Subject);
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return typeof value === 'bigint' ? { bigint: String(value) } : value;
  });
}
