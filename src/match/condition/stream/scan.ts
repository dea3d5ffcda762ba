import type { Compiler } from './compiler.ts';
import { foldCase } from '../fold.ts';
import { countGrams, plainRunsOf, type GramCounts } from './fragments.ts';
import { insideScan, textScan, type TextScan, type Wake, type Wakers } from './text-scan.ts';
import type { Rule } from './plan.ts';
import type { Program } from './scope.ts';
import { subjectKey } from './subjects.ts';
import { literalUses, triggerOf, type Place, type TextField, type Trigger } from './triggers.ts';

/** From here on a pass over each text costs less than testing the rules. */
const leastScan = 48;

interface FieldScan {
  readonly field: TextField;
  readonly places: Readonly<Record<Place, Map<string, number[]>>>;
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
  const woken = new Int32Array(scanned.length).fill(-1);
  const awake = new Int32Array(scanned.length);
  let [awakeCount, pass] = [0, 0];
  const wake: Wake = (list) => {
    for (let at = 0; at < list.length; at++) {
      const rule = list[at] ?? 0;
      if (woken[rule] === pass) continue;
      woken[rule] = pass;
      awake[awakeCount++] = rule;
    }
  };
  const scans = fieldScans(triggers.filter((trigger) => trigger !== undefined));
  const grams = countGrams(
    scans.flatMap(({ places }) => Object.values(places).flatMap((wakers) => [...wakers.keys()])),
  );
  const finders = scans.map((scan) => finder(scan, grams, compiler, wake)).filter((found) => found !== undefined);
  if (finders.length < scans.length) return { program: undefined, left: rules };
  const programs = compileRules(scanned);
  const program: Program<R> = (record, matches) => {
    pass = (pass + 1) & 0x3fff_ffff;
    awakeCount = 0;
    for (let at = 0; at < finders.length; at++) finders[at]?.(record);
    for (let at = 0; at < awakeCount; at++) programs[awake[at] ?? 0]?.(record, matches);
  };
  return { program, left: rules.filter((_rule, at) => triggers[at] === undefined) };
}

/** A subject that some literal looks at without its case is looked at so for all: it then wakes too many rather than too few. */
function fieldScans(triggers: readonly Trigger[]): FieldScan[] {
  const scans = new Map<string, FieldScan>();
  const folded = new Set<string>();
  const keys = new Map<TextField['subject'], string>();
  const keyOf = ({ subject }: TextField): string => {
    const key = keys.get(subject) ?? subjectKey(subject);
    keys.set(subject, key);
    return key;
  };
  for (const { literals } of triggers) {
    for (const { field } of literals) if (field.ignoreCase) folded.add(keyOf(field));
  }
  for (const [rule, { literals }] of triggers.entries()) {
    for (const { field, place, text } of literals) {
      const key = keyOf(field);
      const ignoreCase = folded.has(key);
      const scan = scans.get(key) ?? { field: { subject: field.subject, ignoreCase }, places: noWakers() };
      scans.set(key, scan);
      const literal = ignoreCase ? foldCase(text) : text;
      const list = scan.places[place].get(literal);
      if (list === undefined) scan.places[place].set(literal, [rule]);
      else if (list.at(-1) !== rule) list.push(rule);
    }
  }
  return [...scans.values()];
}

function noWakers(): Record<Place, Map<string, number[]>> {
  return { whole: new Map(), start: new Map(), end: new Map(), inside: new Map() };
}

/** Wakes the rules whose literals stand in the field of a record; undefined when the literals are too many for a table. */
function finder<R>(
  { field, places }: FieldScan,
  grams: GramCounts,
  compiler: Compiler<R>,
  wake: Wake,
): ((record: R) => void) | undefined {
  const texts = compiler.subjects.texts(field.subject, field.ignoreCase);
  // An absent field wakes nobody.
  if (texts === undefined) return () => undefined;
  const scan = textScan(places, grams, wake);
  if (scan === undefined) return undefined;
  const { whole, start, end } = places;
  if (whole.size + start.size + end.size === 0) {
    const scanJoined = joinedFinder(field, compiler, scan);
    if (scanJoined !== undefined) {
      return plainFinder(field, places.inside, grams, compiler, wake, scanJoined) ?? scanJoined;
    }
  }
  return (record) => {
    const value = texts(record);
    if (typeof value === 'string') scan(value);
    else if (value !== undefined) for (const text of value) scan(text);
  };
}

/** What stands inside of any of many texts, looked for in all of them at once. */
function joinedFinder<R>(
  { subject, ignoreCase }: TextField,
  compiler: Compiler<R>,
  scan: TextScan,
): ((record: R) => void) | undefined {
  const joined = compiler.subjects.joinedTexts(subject, ignoreCase);
  if (joined === undefined) return undefined;
  return (record) => {
    const text = joined(record);
    if (text !== undefined) scan(text);
  };
}

/** The same by plain runs of the literals, where records have those at hand. */
function plainFinder<R>(
  { subject, ignoreCase }: TextField,
  literals: Wakers,
  grams: GramCounts,
  compiler: Compiler<R>,
  wake: Wake,
  otherwise: (record: R) => void,
): ((record: R) => void) | undefined {
  const plainText = compiler.subjects.field(subject)?.plainText;
  const runs = plainRunsOf(literals);
  const scan = runs === undefined ? undefined : insideScan(runs, grams, wake);
  if (plainText === undefined || scan === undefined) return undefined;
  return (record) => {
    const text = plainText(record);
    if (text === undefined) otherwise(record);
    else scan(ignoreCase ? foldCase(text) : text);
  };
}
