import { LiteralAutomaton } from './automaton.ts';
import type { Compiler } from './compiler.ts';
import type { Rule } from './plan.ts';
import type { Program } from './scope.ts';
import { literalUses, textFieldKey, triggerOf, type TextField } from './triggers.ts';

/** From here on a pass over each text costs less than testing the rules. */
const leastScan = 48;

interface FieldScan {
  readonly field: TextField;
  /** Rules, by their place in the list of those that are scanned for, that each literal wakes. */
  readonly rulesOf: Map<string, number[]>;
}

/**
 * Rules that cannot hold without one of their literals run only for records that have one: one pass over each text finds
 * the literals of all rules. Returns the program and the rules that need no literal, which are for others to run.
 */
export function scanProgram<R>(
  rules: readonly Rule[],
  compiler: Compiler<R>,
  compileRules: (rules: readonly Rule[]) => Program<R>[],
): { readonly program: Program<R> | undefined; readonly left: readonly Rule[] } {
  const uses = literalUses(rules.map(({ node }) => node));
  const triggers = rules.map(({ node }) => triggerOf(node, uses));
  const scanned = rules.filter((_rule, at) => triggers[at] !== undefined);
  if (scanned.length < leastScan) return { program: undefined, left: rules };
  const scans = fieldScans(triggers.filter((trigger) => trigger !== undefined));
  const woken = new Int32Array(scanned.length).fill(-1);
  const awake: number[] = [];
  let pass = 0;
  const wake = (rule: number): void => {
    if (woken[rule] === pass) return;
    woken[rule] = pass;
    awake.push(rule);
  };
  const finders = scans.map((scan) => finder(scan, compiler, wake)).filter((found) => found !== undefined);
  if (finders.length < scans.length) return { program: undefined, left: rules };
  const programs = compileRules(scanned);
  const program: Program<R> = (record, matches) => {
    pass = (pass + 1) & 0x3fff_ffff;
    awake.length = 0;
    for (const find of finders) find(record);
    for (let at = 0; at < awake.length; at++) programs[awake[at] ?? 0]?.(record, matches);
  };
  return { program, left: rules.filter((_rule, at) => triggers[at] === undefined) };
}

function fieldScans(triggers: readonly NonNullable<ReturnType<typeof triggerOf>>[]): FieldScan[] {
  const scans = new Map<string, FieldScan>();
  for (const [rule, { parts }] of triggers.entries()) {
    for (const { field, literals } of parts) {
      const key = textFieldKey(field);
      const scan = scans.get(key) ?? { field, rulesOf: new Map<string, number[]>() };
      scans.set(key, scan);
      for (const literal of literals) {
        const list = scan.rulesOf.get(literal);
        if (list === undefined) scan.rulesOf.set(literal, [rule]);
        else if (list.at(-1) !== rule) list.push(rule);
      }
    }
  }
  return [...scans.values()];
}

/**
 * Wakes the rules whose literals stand in the field of a record. Undefined when the literals are too many for an automaton; a field that is
 * absent wakes nobody.
 */
function finder<R>(
  { field, rulesOf }: FieldScan,
  compiler: Compiler<R>,
  wake: (rule: number) => void,
): ((record: R) => void) | undefined {
  const texts = compiler.subjects.texts(field.subject, field.ignoreCase);
  if (texts === undefined) return () => undefined;
  const automaton = LiteralAutomaton.of([...rulesOf.keys()]);
  if (automaton === undefined) return undefined;
  const rules = [...rulesOf.values()].map((list) => Int32Array.from(list));
  const found = (literal: number): void => {
    for (const rule of rules[literal] ?? []) wake(rule);
  };
  return (record) => {
    const value = texts(record);
    if (typeof value === 'string') automaton.scan(value, found);
    else if (value !== undefined) for (const text of value) automaton.scan(text, found);
  };
}
