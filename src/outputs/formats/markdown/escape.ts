import { visibleText } from '../../visible-text.ts';

/** What means something inside a line of CommonMark or GitHub's form of it; `@` and `#` would call people and issues there. */
const marks = /[\\`*_{}[\]<>#!|~$@&]/g;

/** Text out of evidence as nothing but text: escaped (CommonMark 2.4), and URLs kept from becoming links. */
export function inline(text: string): string {
  return visibleText(text)
    .replace(marks, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
    .replace(/^(?<number>\d{1,9})(?<end>[.)])(?=\s|$)/, '$<number>\\$<end>')
    .replace(/^[-+=]/, '\\$&');
}

/** A code span; a backtick in it is shown as an apostrophe, for no fence is longer than what evidence could hold. */
export function code(text: string): string {
  const shown = visibleText(text).replaceAll('`', "'");
  return shown === '' ? '' : `\`${shown}\``;
}
