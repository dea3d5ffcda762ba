/** One simple command of a shell text: its words with quotes taken away. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Counts from 1. */
  readonly line: number;
  /** What stands before it: `|` when it reads the output of the one before. */
  readonly after: string;
}

/** Commands taken of one text. */
const maxCommands = 4096;

/**
 * Splits a text into simple commands, roughly as a POSIX shell would: quotes, escapes, comments, continued lines, substitutions
 * and here-documents' text included. It is made for judging hostile text and never for running it: what is no valid shell gives
 * whatever commands it seems to hold.
 */
export function* shellCommands(text: string): Generator<ShellCommand> {
  const reader = new Reader(text);
  for (let count = 0; count < maxCommands; count++) {
    const command = reader.next();
    if (command === undefined) return;
    if (command.words.length > 0) yield command;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #after = '';
  #words: string[] = [];
  #word: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next command, perhaps without words; undefined at the end. */
  next(): ShellCommand | undefined {
    if (this.#at >= this.#text.length) return undefined;
    this.#words = [];
    const line = this.#line;
    const after = this.#after;
    this.#after = '';
    let started = line;
    while (this.#at < this.#text.length) {
      if (this.#words.length === 0 && this.#word === undefined) started = this.#line;
      if (this.#step()) break;
    }
    this.#endWord();
    return { words: this.#words, line: started, after };
  }

  /** Takes one character or quoted part. True when the command ends with it. */
  #step(): boolean {
    const sign = this.#text[this.#at] ?? '';
    this.#at++;
    switch (sign) {
      case '\n':
        this.#line++;
        return this.#end(';');
      case ' ':
      case '\t':
        this.#endWord();
        return false;
      case '\\':
        this.#escape();
        return false;
      case "'":
        this.#quoted("'");
        return false;
      case '"':
        this.#quoted('"');
        return false;
      case '#':
        if (this.#word === undefined) this.#skipComment();
        else this.#add(sign);
        return false;
      case '|':
      case ';':
      case '&':
      case '(':
      case ')':
      case '`':
        return this.#operator(sign);
      case '$':
        if (this.#text[this.#at] !== '(') {
          this.#add(sign);
          return false;
        }
        this.#at++;
        return this.#end('(');
      default:
        this.#add(sign);
        return false;
    }
  }

  /** `2>&1` and `>|` are no ends of a command. */
  #operator(sign: string): boolean {
    if ((sign === '&' || sign === '|') && this.#word?.endsWith('>') === true) {
      this.#add(sign);
      return false;
    }
    if (sign === '&' && this.#text[this.#at] === '>') {
      this.#add(sign);
      return false;
    }
    if (this.#text[this.#at] === sign && (sign === '|' || sign === '&')) {
      this.#at++;
      return this.#end(sign + sign);
    }
    return this.#end(sign);
  }

  #end(after: string): boolean {
    this.#endWord();
    this.#after = after;
    return true;
  }

  #escape(): void {
    const next = this.#text[this.#at++] ?? '';
    if (next === '\n') this.#line++;
    else this.#add(next);
  }

  /** A quoted part belongs to its word; what is substituted inside double quotes is judged by whoever looks into the word. */
  #quoted(quote: string): void {
    this.#add('');
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at++] ?? '';
      if (sign === quote) return;
      if (sign === '\n') this.#line++;
      if (sign === '\\' && quote === '"') this.#add(this.#text[this.#at++] ?? '');
      else this.#add(sign);
    }
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
  }
}
