import { textsRequiredBy } from '../../../base/regex.ts';
import type { FieldTest, RegexTest } from '../condition.ts';
import { foldCase } from '../fold.ts';
import type { StreamResolver } from '../resolver.ts';
import { networkTest } from './addresses.ts';
import { costOf } from './cost.ts';
import { fieldsTest } from './fields-test.ts';
import type { Node } from './intern.ts';
import { textTest } from './literals.ts';
import { Scope, type MissingField, type Predicate } from './scope.ts';
import { Subjects } from './subjects.ts';
import { bytesTest, globTest, numberTest, pathTest, regexTest } from './tests.ts';

const isNever = (): boolean => false;
const isAlways = (): boolean => true;

/** Compiles nodes to closures. Equal tests are compiled once for all rules of a set. */
export class Compiler<R> {
  readonly scope: Scope<R>;
  readonly subjects: Subjects<R>;
  readonly #tests = new Map<number, { readonly predicate: Predicate<R>; readonly missing: readonly MissingField[] }>();

  constructor(resolver: StreamResolver<R>) {
    this.scope = new Scope(resolver);
    this.subjects = new Subjects(this.scope);
  }

  /**
   * One predicate. Nodes that `shared` names (used more than once in a program) run once per event. Members of a group stand in the order of
   * their cost: every test is pure, so the order is free.
   */
  compile(node: Node, shared: ReadonlySet<Node>, known: Map<Node, Predicate<R>>): Predicate<R> {
    let predicate = known.get(node);
    if (predicate === undefined) {
      predicate = this.#compileNode(node, shared, known);
      if (shared.has(node)) predicate = this.scope.once(predicate);
      known.set(node, predicate);
    }
    return predicate;
  }

  #compileNode(node: Node, shared: ReadonlySet<Node>, known: Map<Node, Predicate<R>>): Predicate<R> {
    switch (node.kind) {
      case 'always':
        return isAlways;
      case 'never':
        return isNever;
      case 'test':
        return this.test(node.id, node.test);
      case 'not': {
        const inner = this.compile(node.of, shared, known);
        return (record) => !inner(record);
      }
      case 'all':
      case 'any':
      case 'one': {
        const members = [...node.of].sort((a, b) => costOf(a) - costOf(b));
        return joined(
          node.kind,
          members.map((member) => this.compile(member, shared, known)),
        );
      }
    }
  }

  /** The predicate of one test; one on an absent field is never true. */
  test(id: number, test: FieldTest): Predicate<R> {
    let known = this.#tests.get(id);
    if (known === undefined) {
      const before = this.scope.missing.length;
      const predicate = this.#lift(test) ?? isNever;
      known = { predicate, missing: this.scope.missing.splice(before) };
      this.#tests.set(id, known);
    }
    this.scope.missing.push(...known.missing);
    return known.predicate;
  }

  /** The pattern runs where a text stands that its matches have. */
  #liftRegex(test: RegexTest): Predicate<R> | undefined {
    const matches = this.subjects.lift(test.subject, test.quantor ?? 'any', 'text', regexTest(test));
    const values = textsRequiredBy(test.pattern, test, foldCase);
    if (matches === undefined || values === undefined) return matches;
    const required = textTest({ operator: 'contains', values, ignoreCase: true });
    const mayMatch = this.subjects.lift(test.subject, 'any', 'folded', required);
    return mayMatch === undefined ? matches : (record) => mayMatch(record) && matches(record);
  }

  #lift(test: FieldTest): Predicate<R> | undefined {
    const subjects = this.subjects;
    const quantor = test.quantor ?? 'any';
    switch (test.kind) {
      case 'exists':
        return subjects.liftScalar(test.subject, 'any', isAlways);
      case 'text':
        return subjects.lift(test.subject, quantor, test.ignoreCase ? 'folded' : 'text', textTest(test));
      case 'glob':
        return subjects.lift(test.subject, quantor, test.ignoreCase ? 'folded' : 'text', globTest(test));
      case 'regex':
        return this.#liftRegex(test);
      case 'path':
        return subjects.lift(test.subject, quantor, 'text', pathTest(test));
      case 'network':
        return subjects.liftAddress(test.subject, quantor, networkTest(test));
      case 'number':
        return subjects.liftScalar(test.subject, quantor, numberTest(test));
      case 'bytes':
        return subjects.liftScalar(test.subject, quantor, bytesTest(test));
      case 'fields': {
        const [left, right] = [subjects.field(test.subject), subjects.field(test.right)];
        return left === undefined || right === undefined ? undefined : fieldsTest(test, left, right);
      }
    }
  }
}

function joined<R>(kind: 'all' | 'any' | 'one', members: readonly Predicate<R>[]): Predicate<R> {
  const [a, b, c] = members;
  if (kind === 'one') return exactlyOne(members);
  const isAll = kind === 'all';
  if (a === undefined) return isAll ? isAlways : isNever;
  if (b === undefined) return a;
  if (members.length === 2) return isAll ? (record) => a(record) && b(record) : (record) => a(record) || b(record);
  if (c !== undefined && members.length === 3) {
    return isAll ? (record) => a(record) && b(record) && c(record) : (record) => a(record) || b(record) || c(record);
  }
  if (isAll) {
    return (record) => {
      for (let at = 0; at < members.length; at++) if (members[at]?.(record) === false) return false;
      return true;
    };
  }
  return (record) => {
    for (let at = 0; at < members.length; at++) if (members[at]?.(record) === true) return true;
    return false;
  };
}

function exactlyOne<R>(members: readonly Predicate<R>[]): Predicate<R> {
  return (record) => {
    let hits = 0;
    for (const member of members) if (member(record) && ++hits > 1) return false;
    return hits === 1;
  };
}
