import type { Sign } from '../../technique.ts';
import { argumentsAt, rightSide } from './call-arguments.ts';
import { runsCommand, type Judgement, type ScriptLanguage, type Tainted } from './script-language.ts';

/** Steps of one kind in one script that are looked for. */
const maxSteps = 10_000;
/** Characters of arguments and right sides that are looked at in one reading: a script of 256 KB has about as many. */
const maxLooked = 600_000;
/** Characters after which a variable counts as another one: functions are not told apart. */
const maxReach = 3000;
/** Characters behind the head of a function in which its parameters are its own. */
const maxBody = 1500;

interface Owner {
  readonly name: string;
  readonly parameters: ReadonlySet<string>;
  readonly at: number;
}

/** What is known of a script from its beginning up to one place. */
interface State {
  readonly code: string;
  readonly language: ScriptLanguage;
  /** Where each variable was last given something of a request. */
  readonly tainted: Map<string, number>;
  /** Functions of the script that run what they are given. */
  readonly wrappers: Map<string, Judgement>;
  owner: Owner | undefined;
  /** Characters of arguments and right sides so far. */
  looked: number;
}

const words = /[A-Za-z_]\w{0,60}/g;

/**
 * Ways by which something that a request brings is run, from beginning to end of a script as `scriptCode` gives it. It is read
 * twice: the second time, functions that run what they are given are known.
 */
export function scriptFlows(code: string, language: ScriptLanguage): Sign[] {
  const wrappers = new Map<string, Judgement>();
  const first = follow({ code, language, tainted: new Map(), wrappers, owner: undefined, looked: 0 });
  if (first.length > 0 || wrappers.size === 0) return first;
  return follow({ code, language, tainted: new Map(), wrappers, owner: undefined, looked: 0 });
}

function follow(state: State): Sign[] {
  const signs = new Map<string, Sign>();
  for (const step of stepsOf(state.code, state.language)) {
    if (state.looked > maxLooked) break;
    const sign = signOf(step, state);
    if (sign !== undefined && (signs.get(sign.what)?.weight ?? 0) < sign.weight) signs.set(sign.what, sign);
  }
  return [...signs.values()];
}

type StepKind = 'assign' | 'take' | 'give' | 'alias' | 'function' | 'call' | 'other';

interface Step {
  readonly kind: StepKind;
  readonly index: number;
  readonly end: number;
  readonly text: string;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

const anyCall = /(?<![\w$])(?<name>[A-Za-z_]\w{0,60})\s{0,4}\(/g;
const order: readonly StepKind[] = ['function', 'give', 'take', 'alias', 'assign', 'call', 'other'];

/** All that is looked at, in the order of the script. */
function stepsOf(code: string, language: ScriptLanguage): Step[] {
  const { assigns, takes, gives, aliases, functions, calls } = language;
  const patterns = {
    function: functions,
    give: gives,
    take: takes,
    alias: aliases,
    assign: assigns,
    call: calls,
    other: anyCall,
  };
  const steps: Step[] = [];
  for (const kind of order) {
    const pattern = patterns[kind];
    if (pattern === undefined) continue;
    let count = 0;
    for (const { 0: text, index, groups = {} } of code.matchAll(pattern)) {
      if (++count > maxSteps) break;
      steps.push({ kind, index, end: index + text.length, text, groups });
    }
  }
  return steps.sort((a, b) => a.index - b.index || order.indexOf(a.kind) - order.indexOf(b.kind));
}

function signOf(step: Step, state: State): Sign | undefined {
  const { code, language, tainted } = state;
  const { kind, end, groups } = step;
  switch (kind) {
    case 'function':
      state.owner = {
        name: groups['name'] ?? '',
        parameters: new Set(groups['parameters']?.match(words)),
        at: end,
      };
      return undefined;
    case 'give':
      taintAll(Object.values(groups).join(' '), tainted, end);
      return undefined;
    case 'take':
      assign(groups['names'] ?? '', '', groups['from'] ?? '', state, end);
      return undefined;
    case 'alias':
      state.wrappers.set(groups['name'] ?? '', { what: runsCommand, weight: 0.75 });
      return undefined;
    case 'assign':
      assign(groups['names'] ?? '', groups['op'] ?? '=', rightSide(code, end, language.endsAtLine), state, end);
      return undefined;
    case 'call':
      return callSign(step, state);
    case 'other':
      return wrapperSign(step, state);
  }
}

function assign(names: string, op: string, right: string, state: State, end: number): void {
  const { tainted, language } = state;
  state.looked += right.length;
  const isGiven = isTainted(right, { tainted, language, at: end });
  for (const [one] of names.matchAll(words)) {
    if (isGiven) tainted.set(one, end);
    else if (op === '=') tainted.delete(one);
  }
}

function taintAll(part: string, tainted: Map<string, number>, at: number): void {
  for (const [one] of part.matchAll(words)) tainted.set(one, at);
}

function callSign({ text, index, end }: Step, state: State): Sign | undefined {
  const { code, language, tainted, owner } = state;
  const parts = text.endsWith('(') ? argumentsAt(code, end) : [rightSide(code, end, language.endsAtLine)];
  // They are looked at for what a request brings, and for what the function around them is given.
  for (const part of parts) state.looked += 2 * part.length;
  const check = (part: string): Tainted | undefined => {
    if (language.request.test(harmless(part, language))) return 'direct';
    return isTainted(part, { tainted, language, at: end }) ? 'by a variable' : undefined;
  };
  const found = language.judge(text, parts, check);
  if (found !== undefined) return { ...found, value: shown(code, index) };
  if (owner === undefined || end - owner.at > maxBody) return undefined;
  const own = (part: string): Tainted | undefined => {
    const names: readonly string[] = harmless(part, language).match(words) ?? [];
    return names.some((name) => owner.parameters.has(name)) ? 'by a variable' : undefined;
  };
  const judged = language.judge(text, parts, own);
  if (judged !== undefined) state.wrappers.set(owner.name, judged);
  return undefined;
}

function wrapperSign({ index, end, groups }: Step, state: State): Sign | undefined {
  const { code, language, tainted, wrappers } = state;
  const judged = wrappers.get(groups['name'] ?? '');
  if (judged === undefined) return undefined;
  const parts = argumentsAt(code, end);
  for (const part of parts) state.looked += part.length;
  const isGiven = parts.some((part) => isTainted(part, { tainted, language, at: end }));
  return isGiven ? { ...judged, value: shown(code, index) } : undefined;
}

function isTainted(
  part: string,
  { tainted, language, at }: Pick<State, 'tainted' | 'language'> & { readonly at: number },
): boolean {
  const plain = harmless(part, language);
  if (language.request.test(plain)) return true;
  if (tainted.size === 0) return false;
  const bare = plain.replaceAll(/'[^']*'/g, "''");
  for (const { 0: name, index } of bare.matchAll(words)) {
    const from = tainted.get(name);
    // A member of something else has only the name.
    if (from === undefined || at - from > maxReach || isMember(bare, index)) continue;
    return true;
  }
  return false;
}

function isMember(plain: string, index: number): boolean {
  const [before, earlier] = [plain[index - 1], plain[index - 2]];
  return (before === '.' && earlier !== '.') || (before === '>' && earlier === '-');
}

function harmless(part: string, { harmless: pattern }: ScriptLanguage): string {
  return part.replaceAll(pattern, ' ');
}

function shown(code: string, from: number): string {
  return code
    .slice(from, from + 120)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
