import type { Family, WordStock } from './family.ts';
import { randomFamilies } from './random-families.ts';
import type { Domain, Numbers } from './samples.ts';
import { wordyFamilies } from './wordy-families.ts';

export const families: readonly Family[] = [...randomFamilies, ...wordyFamilies];

/** One of the families by their shares. */
function drawnFamily(numbers: Numbers, of: readonly Family[]): Family {
  let left = numbers.next() * of.reduce((sum, { share }) => sum + share, 0);
  const found = of.find(({ share }) => (left -= share) < 0) ?? of[0];
  if (found === undefined) throw new RangeError('no family to draw from');
  return found;
}

/** Of so many names the suffix is that of another family: the next version of one has others. */
const strangeSuffixes = 0.08;

/** A name of one of the families by their shares. */
export function generatedDomain(numbers: Numbers, stock: WordStock, of: readonly Family[]): Domain {
  const made = drawnFamily(numbers, of).make(numbers, stock);
  if (numbers.next() >= strangeSuffixes) return made;
  return { label: made.label, suffix: drawnFamily(numbers, of).make(numbers, stock).suffix };
}
