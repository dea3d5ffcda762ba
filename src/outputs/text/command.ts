import { visibleText } from '../visible-text.ts';
import { wrap } from './wrap.ts';

/** What `--case` is when nobody gives it. */
export const usualCase = '.vakthund';

/** ` --case DIR` behind a command that would else ask another case; empty for the usual one. */
export function caseOption(folder: string): string {
  return folder === usualCase ? '' : ` --case ${shellWord(visibleText(folder))}`;
}

/** A word as a shell reads it back. */
function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Like `hang`, for a command that will be pasted: a line that goes on ends with a backslash, which a shell takes away with
 * the line's end, between words as within double quotes. A word in single quotes with blanks in it does not survive that.
 */
export function hangCommand(first: string, command: string, width: number): string[] {
  const room = Math.max(width - first.length, 8);
  const whole = wrap(command, room);
  const lines = whole.length === 1 ? whole : wrap(command, room - 2);
  return lines.map(
    (line, at) => `${at === 0 ? first : ' '.repeat(first.length)}${line}${at < lines.length - 1 ? ' \\' : ''}`,
  );
}
