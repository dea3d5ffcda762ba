import type { Lexis } from './script-code.ts';

export type Tainted = 'direct' | 'by a variable';
export type Check = (part: string) => Tainted | undefined;

export interface Judgement {
  readonly what: string;
  readonly weight: number;
}

/** What has to be known of a language to follow what a request brings. Patterns are applied to code as `scriptCode` gives it. */
export interface ScriptLanguage {
  readonly lexis: Lexis;
  /** Code stands in marks of a page. */
  readonly isPage?: true;
  /** A line's end ends a statement. */
  readonly endsAtLine: boolean;
  /** What the language must have in it to be looked at: nothing else serves requests. */
  readonly serves?: RegExp;
  /** What a visitor decides. */
  readonly request: RegExp;
  /** Calls whose result a visitor cannot fill with a command. */
  readonly harmless: RegExp;
  /** Assignments, up to their right sides. Groups: `names`, and `op`, of which `=` alone takes away what a variable had. */
  readonly assigns: RegExp;
  /** Names that are given what stands beside them. Groups: `names`, `from`. */
  readonly takes?: RegExp;
  /** Names that a request fills. Group: `given`. */
  readonly gives?: RegExp;
  /** Other names of functions that run commands. Group: `name`. */
  readonly aliases?: RegExp;
  /** Heads of functions. Groups: `name`, `parameters`. */
  readonly functions?: RegExp;
  /** What may run something. A call ends with its bracket; what has none takes the rest of its statement. */
  readonly calls: RegExp;
  /** What a call does with its arguments, of which `check` says whether a request decides them. */
  judge(call: string, parts: readonly string[], check: Check): Judgement | undefined;
}

export const runsCommand = 'runs a command that a request brings';
export const runsCode = 'runs what a request brings';
export const loadsClass = 'loads a class that a request brings';

export function judged(what: string, how: Tainted | undefined, direct = 0.85): Judgement | undefined {
  return how === undefined ? undefined : { what, weight: how === 'direct' ? direct : direct - 0.1 };
}

/** The command of a call that takes a program and its arguments: only a shell among them makes one a command. */
export function programCall(parts: readonly string[], check: Check): Judgement | undefined {
  const [first = ''] = parts;
  const all = parts.join(',');
  const isList = /^\s{0,8}[[(@]/.test(first);
  if (!isList && check(first) !== undefined) return judged(runsCommand, check(first));
  const isShell = /'(?:\/(?:usr\/)?bin\/)?(?:sh|bash|dash|zsh|ash|ksh|cmd|cmd\.exe|powershell(?:\.exe)?)'/.test(all);
  const isWhole = isShell && /'(?:-\w{0,3}c|\/c|-Command)\b/i.test(all);
  if (isWhole || /\bshell\s{0,4}[=:]\s{0,4}(?:True|true|'|1)/.test(all)) return judged(runsCommand, check(all));
  return undefined;
}
