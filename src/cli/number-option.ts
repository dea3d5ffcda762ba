import { VakthundError } from '../base/errors.ts';

/** The number that an option was given; a usage error when it is none between `least` and `most`. */
export function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new VakthundError('USAGE', `${option} takes a number from ${least} to ${most}, not "${text}"`);
}
