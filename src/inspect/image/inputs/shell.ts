/** One simple command of a shell text. */
export interface ShellCommand {
  /** Words with quotes taken off; substitutions stand as they are written. */
  readonly words: readonly string[];
  /** What stands before it: nothing, `|`, `&&`, `||`, `;` or `&`. */
  readonly after: '' | '|' | '&&' | '||' | ';' | '&';
}

/** Words looked at in one text; a script of a container has a few hundred. */
const maxWords = 50_000;

/**
 * Cuts a shell text into simple commands, well enough to see which programs are called with which arguments: quotes, escapes, comments
 * and operators are understood, groups and keywords (`if`, `{`, `(`) are words that are left out at the front. Nothing is expanded.
 */
export function shellCommands(text: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let after: ShellCommand['after'] = '';
  let count = 0;
  const end = (operator: ShellCommand['after']): void => {
    if (words.length > 0) commands.push({ words, after });
    words = [];
    after = operator;
  };
  for (const { groups } of text.matchAll(token)) {
    const operator = groups?.['operator'];
    const word = groups?.['word'];
    if (operator !== undefined) end(operator === '\n' || operator === ';;' ? ';' : (operator as ShellCommand['after']));
    else if (word !== undefined && !(words.length === 0 && keywords.has(word))) {
      if (++count > maxWords) break;
      words.push(unquoted(word));
    }
  }
  end('');
  return commands;
}

/** Redirections keep their `&`; a hash begins a comment only in front of a word. */
const token =
  /(?<operator>\|\||&&|;;|[|;\n]|(?<![>\d&])&(?![>\d&]))|(?:(?<=^|\s)#[^\n]*)|\\\n|(?<word>(?:\\[^\n]|'[^']*'|"(?:\\[^]|[^"\\])*"|\$\((?:[^()]|\([^()]*\))*\)|[^\s|;&\\'"]|(?<=[>\d])&|&(?=[>\d]))+)/g;
const keywords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  'for',
  '{',
  '}',
  '(',
  ')',
  '!',
  'time',
]);

function unquoted(word: string): string {
  if (!/['"\\]/.test(word)) return word;
  return word.replace(
    /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g,
    (_all, single?: string, double?: string, plain?: string) =>
      single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? plain ?? '',
  );
}

/** The name of the program that a command calls, past `sudo`, `env`, assignments and the like; empty for an assignment by itself. */
export function programOf({ words }: ShellCommand): string {
  return nameOf(argumentsFrom(words)[0] ?? '');
}

/** The words from the program on. */
export function argumentsOf({ words }: ShellCommand): readonly string[] {
  return argumentsFrom(words);
}

const wrappers = new Set(['sudo', 'env', 'exec', 'nohup', 'command', 'eatmydata', 'nice', 'ionice', 'setsid', 'doas']);

function argumentsFrom(words: readonly string[]): readonly string[] {
  let index = 0;
  let isWrapped = false;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    const isSkipped = /^\w+=/.test(word) || wrappers.has(nameOf(word)) || (isWrapped && word.startsWith('-'));
    if (!isSkipped) break;
    isWrapped ||= wrappers.has(nameOf(word));
  }
  return words.slice(index);
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/^\(+/, '');
}
