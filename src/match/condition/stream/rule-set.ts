import type { Condition, FieldReference } from '../condition.ts';
import { isAbsent, type StreamField, type StreamResolver } from '../resolver.ts';
import { isList, textOf } from '../values.ts';
import { Compiler } from './compiler.ts';
import { Discriminator, type Known } from './discriminator.ts';
import { Interner, type Node } from './intern.ts';
import type { Rule } from './plan.ts';
import { compileProgram } from './program.ts';
import type { MissingField, Predicate, Program } from './scope.ts';

/** Many conditions compiled together. */
export interface RuleSet<R> {
  /** Places of the conditions that hold for the record, ascending. The list is only good until the next call. */
  match(record: R): readonly number[];
  /** Fields of a condition that these records do not have; tests on them are false. */
  missing(index: number): readonly MissingField[];
}

export interface RuleSetOptions {
  /** Fields by whose value the rules are indexed, the most telling first: `evt.type`; channel, then event id. */
  readonly discriminators?: readonly FieldReference[];
}

/** Compiles conditions into one set. Each must have passed `conditionFault`. */
export function compileRuleSet<R>(
  conditions: readonly Condition[],
  resolver: StreamResolver<R>,
  options: RuleSetOptions = {},
): RuleSet<R> {
  const interner = new Interner();
  const compiler = new Compiler(resolver);
  const nodes = conditions.map((condition) => interner.intern(condition));
  const missing = nodes.map((node) => missingOf(node, compiler));
  const discriminators = (options.discriminators ?? []).flatMap((field) => {
    const answer = resolver.field(field);
    return isAbsent(answer) ? [] : [{ discriminator: new Discriminator(field, nodes), field: answer }];
  });
  const program = indexed(
    nodes.map((node, index) => ({ index, node })),
    discriminators,
    compiler,
    interner,
  );
  let matches: number[] = [];
  return {
    match: (record) => {
      compiler.scope.generation++;
      if (matches.length > 0) matches = [];
      program(record, matches);
      if (matches.length > 1) matches.sort((a, b) => a - b);
      return matches;
    },
    missing: (index) => missing[index] ?? [],
  };
}

/** Compiles one condition. It must have passed `conditionFault`. */
export function compileCondition<R>(
  condition: Condition,
  resolver: StreamResolver<R>,
): { readonly test: Predicate<R>; readonly missing: readonly MissingField[] } {
  const set = compileRuleSet([condition], resolver);
  return { test: (record) => set.match(record).length > 0, missing: set.missing(0) };
}

interface IndexField<R> {
  readonly discriminator: Discriminator;
  readonly field: StreamField<R>;
}

/** Values whose programs one index keeps at most; those beyond run through the program for any value. */
const maxPrograms = 4096;

/** Programs by what the first discriminator's value means to the rules, made when a record first has such; within them by the next. */
function indexed<R>(
  rules: readonly Rule[],
  [first, ...rest]: readonly IndexField<R>[],
  compiler: Compiler<R>,
  interner: Interner,
): Program<R> {
  if (first === undefined) return compileProgram(rules, compiler, interner);
  const { discriminator, field } = first;
  const make = (known: Known): Program<R> => {
    const done = new Map<Node, Node>();
    const left = rules
      .map(({ index, node }) => ({ index, node: discriminator.specialise(node, known, interner, done) }))
      .filter(({ node }) => node !== interner.never);
    return indexed(left, rest, compiler, interner);
  };
  const programs = new Map<string, Program<R>>();
  const bySignature = new Map<string, Program<R>>();
  const programFor = (text: string): Program<R> => {
    const signature = discriminator.signatureOf(text);
    const program = bySignature.get(signature) ?? make({ kind: 'text', text });
    bySignature.set(signature, program);
    return program;
  };
  const [absent, generic] = [
    lazily(() => make({ kind: 'absent' })),
    lazily(() => compileProgram(rules, compiler, interner)),
  ];
  return (record, matches) => {
    const value = field.get(record);
    if (value === undefined || value === null) return absent()(record, matches);
    if (isList(value)) return generic()(record, matches);
    const text = typeof value === 'string' ? value : textOf(value);
    if (text === undefined) return absent()(record, matches);
    const key = discriminator.isFolded ? discriminator.keyOf(text) : text;
    let program = programs.get(key);
    if (program === undefined) {
      // A lone surrogate counts as U+FFFD, which a rule may name.
      if (programs.size >= maxPrograms || !text.isWellFormed()) return generic()(record, matches);
      program = programFor(key);
      programs.set(key, program);
    }
    program(record, matches);
  };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Every field of the condition that is absent, each once. */
function missingOf<R>(root: Node, compiler: Compiler<R>): readonly MissingField[] {
  compiler.scope.missing = [];
  const [seen, left]: [Set<Node>, Node[]] = [new Set(), [root]];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'test') compiler.test(node.id, node.test);
    else if (node.kind === 'not') left.push(node.of);
    else if ('of' in node) for (const member of node.of) left.push(member);
  }
  const byName = new Map(compiler.scope.missing.map((entry) => [JSON.stringify(entry.field), entry]));
  compiler.scope.missing = [];
  return [...byName.values()];
}
