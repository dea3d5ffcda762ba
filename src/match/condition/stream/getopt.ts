/** An option letter as getopt(3) meets it; `value` is there for letters that take one, `''` when the words end before it. */
interface Option {
  readonly letter: string;
  readonly value?: string;
  readonly isCut?: boolean;
}

/** Option letters and their values in order; `?` for a letter that is none. A letter whose value is cut off gives `''` alone. */
export function getoptValues(words: readonly string[], letters: string): string[] {
  const values: string[] = [];
  for (const { letter, value, isCut } of walk(words, letters)) {
    if (isCut !== true) values.push(letter);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Value of the last time that the option is given; `''` for one that takes none; undefined when it is not given. */
export function getoptOption(words: readonly string[], letters: string, option: string): string | undefined {
  let last: string | undefined;
  for (const { letter, value } of walk(words, letters)) if (letter === option) last = value ?? '';
  return last;
}

/** POSIX getopt: stops at the first word that is no option and after `--`; long options are passed over. */
function* walk(words: readonly string[], letters: string): Generator<Option> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--' || word.length < 2 || !word.startsWith('-')) return;
    if (word.startsWith('--')) continue;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const known = letter === ':' ? -1 : letters.indexOf(letter);
      if (known < 0) {
        yield { letter: '?' };
      } else if (letters.charAt(known + 1) !== ':') {
        yield { letter };
      } else {
        const next = at + 1 < word.length ? word.slice(at + 1) : words[++index];
        yield next === undefined ? { letter, value: '', isCut: true } : { letter, value: next };
        break;
      }
    }
  }
}
