import { shellCommands, type ShellCommand } from './shell-commands.ts';

/** A program that a text would run. */
export interface RunProgram {
  /** As written: an absolute path or a bare name. */
  readonly path: string;
  readonly line: number;
}

/** Words before the program proper that run it, and options of theirs that take a value. */
const wrappers = new Set([
  'nohup', 'setsid', 'sudo', 'doas', 'exec', 'env', 'time', 'nice', 'ionice', 'command', 'builtin', 'stdbuf', 'eval',
  'then', 'do', 'else', 'if', 'elif', 'while', 'until', '!', '{', 'chroot', 'unshare', 'nsenter', 'flock', 'timeout',
  'start-stop-daemon', 'su', 'runuser', 'chrt', 'taskset', 'xargs', 'busybox', 'daemon', 'systemd-run', 'setpriv', 'at',
]); // prettier-ignore

/** Programs that run the file, or the text after `-c` or `-e`, that they are given. */
const interpreterPattern =
  /^(?:ba|da|z|k|a|c|tc|fi)?sh$|^(?:python|perl|ruby|php|node|lua|tclsh|awk|gawk|deno|bun|java|pypy)[\d.]*$|^(?:source|\.)$/;

/** Depth of texts in texts: `sh -c "sh -c …"`. */
const maxDepth = 4;

export function isInterpreter(word: string): boolean {
  return interpreterPattern.test(baseName(word));
}

/** Programs and scripts that a shell text, or one line of a unit or desktop file, would run; each once, in order. */
export function programsIn(text: string, depth = 0): RunProgram[] {
  const found = new Map<string, RunProgram>();
  for (const command of shellCommands(text)) {
    for (const program of programsOf(command, depth)) if (!found.has(program.path)) found.set(program.path, program);
  }
  return [...found.values()];
}

function* programsOf({ words, line }: ShellCommand, depth: number): Generator<RunProgram> {
  const path = guardedFile(words);
  if (path !== undefined) yield { path, line };
  const start = programAt(words);
  const program = words[start];
  if (program === undefined) return;
  yield { path: program, line };
  for (const inner of words.slice(start)) {
    if (depth < maxDepth && looksLikeCommands(inner)) yield* at(line, programsIn(inner, depth + 1));
  }
  const wrapped = wrappers.has(baseName(program)) || isInterpreter(program);
  if (!wrapped) return;
  for (const word of words.slice(start + 1)) {
    if (!word.startsWith('/')) continue;
    yield { path: word, line };
    return;
  }
}

/** Where the program stands: behind assignments, redirections and words that only introduce it. */
function programAt(words: readonly string[]): number {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    const isIntroduction = /^[A-Za-z_]\w*=/.test(word) || /^(?:\d?[<>]|[-+\d]|[@:!]+$)/.test(word);
    if (!isIntroduction && !wrappers.has(baseName(word))) break;
    at++;
  }
  return at;
}

/** `[ -x /path ] && …` and `test -x /path`: what is asked for is what runs then; of data that is only asked whether it is there. */
function guardedFile(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '[' || word === 'test' || word === '[[');
  if (at < 0 || words[at + 1] !== '-x') return undefined;
  const path = words[at + 2];
  return path?.startsWith('/') === true ? path : undefined;
}

function looksLikeCommands(word: string): boolean {
  return /\s|\$\(|`/.test(word) && word.length < 65_536;
}

function at(line: number, programs: readonly RunProgram[]): RunProgram[] {
  return programs.map(({ path }) => ({ path, line }));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
