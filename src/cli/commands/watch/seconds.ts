import { VakthundError } from '../../../base/errors.ts';

/** Milliseconds of an option in seconds. */
export function secondsOf(text: string, option: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0.05) || seconds > 86_400 * 365) {
    throw new VakthundError('USAGE', `${option} "${text}" is no number of seconds`);
  }
  return Math.round(seconds * 1000);
}
