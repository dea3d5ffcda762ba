import { append } from '../../../base/multimap.ts';
import { chooseTriggers } from './choose-triggers.ts';
import type { Compiler } from './compiler.ts';
import { foldCase } from '../fold.ts';
import { countGrams, plainRunsOf, type GramCounts } from './fragments.ts';
import { anyCaseScan, textScan, type TextScan, type Wake } from './text-scan.ts';
import { WakeMemo } from './wake-memo.ts';
import type { Rule } from './plan.ts';
import type { Program } from './scope.ts';
import { subjectKey } from './subjects.ts';
import { Sleepers, wakerOf } from './sleepers.ts';
import type { Place, TextField, Trigger } from './triggers.ts';

/** From here on a pass over each text costs less than testing the rules. */
const leastScan = 48;

/** Wakes what a record wakes. */
type Finder<R> = (record: R) => void;

interface FieldScan {
  readonly field: TextField;
  readonly places: Readonly<Record<Place, Map<string, number[]>>>;
}

/**
 * Rules that cannot hold without some of their literals run only for records that have those: one pass over each text finds
 * the literals of all rules. Returns the program and the rules that need no literal, which are for others to run.
 */
export function scanProgram<R>(
  rules: readonly Rule[],
  compiler: Compiler<R>,
  compileRules: (rules: readonly Rule[]) => Program<R>[],
): { readonly program: Program<R> | undefined; readonly left: readonly Rule[] } {
  const keyOf = keysOfSubjects();
  const all = chooseTriggers(
    rules.map(({ node }) => node),
    keyOf,
    ({ subject }) => compiler.subjects.costOf(subject),
  );
  const [scanned, left]: [Rule[], Rule[]] = [[], []];
  for (const [at, rule] of rules.entries()) (all[at]?.length === 0 ? left : scanned).push(rule);
  if (scanned.length < leastScan) return { program: undefined, left: rules };
  const triggers = all.filter(({ length }) => length > 0);
  const sleepers = new Sleepers(triggers.map(({ length }) => length));
  const scans = fieldScans(triggers, keyOf);
  const grams = countGrams(
    scans.flatMap(({ places }) => Object.values(places).flatMap((wakers) => [...wakers.keys()])),
  );
  const wake: Wake = (list) => sleepers.wake(list);
  const finders = findersOf(scans, grams, compiler, wake);
  if (finders === undefined) return { program: undefined, left: rules };
  const programs = compileRules(scanned);
  const program: Program<R> = (record, matches) => {
    sleepers.reset();
    for (let at = 0; at < finders.length; at++) finders[at]?.(record);
    const { awake, count } = sleepers;
    for (let at = 0; at < count; at++) programs[awake[at] ?? 0]?.(record, matches);
  };
  return { program, left };
}

/** `subjectKey`, made once for each subject. */
function keysOfSubjects(): (field: TextField) => string {
  const keys = new Map<TextField['subject'], string>();
  return ({ subject }) => {
    const key = keys.get(subject) ?? subjectKey(subject);
    keys.set(subject, key);
    return key;
  };
}

/** A subject that some literal looks at without its case is looked at so for all: it then wakes too many rather than too few. */
function fieldScans(rules: readonly (readonly Trigger[])[], keyOf: (field: TextField) => string): FieldScan[] {
  const scans = new Map<string, FieldScan>();
  const folded = new Set<string>();
  for (const { field } of rules.flatMap((triggers) => triggers.flatMap(({ literals }) => literals))) {
    if (field.ignoreCase) folded.add(keyOf(field));
  }
  for (const [rule, triggers] of rules.entries()) {
    for (const [slot, { literals }] of triggers.entries()) {
      const waker = wakerOf(rule, slot);
      for (const { field, place, text } of literals) {
        const key = keyOf(field);
        const ignoreCase = folded.has(key);
        const scan = scans.get(key) ?? { field: { subject: field.subject, ignoreCase }, places: noWakers() };
        scans.set(key, scan);
        const literal = ignoreCase ? foldCase(text) : text;
        const list = scan.places[place].get(literal);
        if (list === undefined) scan.places[place].set(literal, [waker]);
        else if (list.at(-1) !== waker) list.push(waker);
      }
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
): Finder<R> | undefined {
  const { subject, ignoreCase } = field;
  const [raw, viewed] = [compiler.subjects.oneText(subject, false), compiler.subjects.oneText(subject, ignoreCase)];
  if (raw !== undefined && viewed !== undefined) {
    const memo = new WakeMemo(wake);
    const scan = textScan(places, grams, memo.wake);
    return scan === undefined ? undefined : rememberingFinder(raw, viewed, scan, memo);
  }
  const texts = compiler.subjects.texts(subject, ignoreCase);
  // An absent field wakes nobody.
  if (texts === undefined) return () => undefined;
  const scan = textScan(places, grams, wake);
  if (scan === undefined) return undefined;
  return (record) => {
    const value = texts(record);
    if (typeof value === 'string') scan(value);
    else if (value !== undefined) for (const text of value) scan(text);
  };
}

type ReadText<R> = (record: R) => string | null | undefined;

function rememberingFinder<R>(raw: ReadText<R>, viewed: ReadText<R>, scan: TextScan, memo: WakeMemo): Finder<R> {
  return (record) => {
    const text = raw(record);
    if (text === undefined || text === null || memo.recall(text)) return;
    scan(viewed(record) ?? '');
    memo.end();
  };
}

/**
 * One finder for all fields that show the same plain texts: it looks there for runs of their literals, so that no field must be read.
 * Undefined when a literal of one has no such run.
 */
function plainFinder<R>(
  scans: readonly FieldScan[],
  grams: GramCounts,
  compiler: Compiler<R>,
  wake: Wake,
): Finder<R> | undefined {
  const [first] = scans;
  const plainTexts = first === undefined ? undefined : compiler.subjects.field(first.field.subject)?.plainTexts;
  const runs = plainRunsOf(scans.flatMap(({ places }) => Object.values(places)));
  const scan = runs === undefined ? undefined : anyCaseScan(runs, grams, wake);
  const readers = scans.map((one) => finder(one, grams, compiler, wake)).filter((found) => found !== undefined);
  if (plainTexts === undefined || scan === undefined || readers.length < scans.length) return undefined;
  return (record) => {
    if (!plainTexts(record, scan)) for (const read of readers) read(record);
  };
}

/** Finders for all fields: those that are dear to read are not read where plain texts tell as much. */
function findersOf<R>(
  scans: readonly FieldScan[],
  grams: GramCounts,
  compiler: Compiler<R>,
  wake: Wake,
): Finder<R>[] | undefined {
  const finders: (Finder<R> | undefined)[] = [];
  const plain = new Map<unknown, FieldScan[]>();
  for (const scan of scans) {
    const field = compiler.subjects.field(scan.field.subject);
    if (field?.isParsed !== true || field.plainTexts === undefined) finders.push(finder(scan, grams, compiler, wake));
    else append(plain, field.plainTexts, scan);
  }
  for (const group of plain.values()) {
    const found = plainFinder(group, grams, compiler, wake);
    if (found === undefined) finders.push(...group.map((scan) => finder(scan, grams, compiler, wake)));
    else finders.push(found);
  }
  const made = finders.filter((found) => found !== undefined);
  return made.length < finders.length ? undefined : made;
}
