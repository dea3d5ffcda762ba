import { isSecretVariable } from './assignment.ts';

/** `NAME=value`, `NAME: value`, `--name=value`: a line of settings, or a word of a command. */
export interface Assigned {
  readonly name: string;
  readonly value: string;
}

/** Secrets told of one text. */
const maxAssigned = 20;
/** A line of settings, or what a shell is told to keep; the value ends at a blank. */
const line =
  /^[ \t]*(?:(?:export|declare|local|readonly|setenv|set)[ \t]+)?(?<name>[A-Za-z_][\w.-]{2,60})[ \t]*(?:=|:[ \t])[ \t]*(?<value>[^\s#;,]{6,200})[ \t]*[;,]?[ \t]*$/;
const word = /^(?:--?)?(?<name>[A-Za-z_][\w.-]{2,60})=(?<value>.{6,200})$/s;
/** Calls, types and references of code are no values: `token: str`, `password = read()`. */
const code = /[()[\]{}$<>|`]|^(?:str|string|bytes|int|bool|any|self\.|this\.|req\.|os\.|process\.|optional|input)/i;

/** Secrets by the names that lines of settings and scripts give them. */
export function assignedInLines(text: string): Assigned[] {
  return text
    .split('\n', 10_000)
    .flatMap((one) => (one.length > 400 ? [] : secretOf(line.exec(one))))
    .slice(0, maxAssigned);
}

/** Secrets by the names that arguments and variables of a command have. */
export function assignedInWords(words: readonly string[]): Assigned[] {
  return words.flatMap((one) => (one.length > 400 ? [] : secretOf(word.exec(one)))).slice(0, maxAssigned);
}

function secretOf(match: RegExpExecArray | null): Assigned[] {
  const { name = '', value = '' } = match?.groups ?? {};
  const bare = value.replace(/^(["'])(.*)\1$/, '$2');
  return bare.length >= 6 && !code.test(bare) && isSecretVariable(name, bare) ? [{ name, value: bare }] : [];
}
