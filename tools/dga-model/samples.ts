/** Names as people make them and as algorithms do, to train on: drawn from word lists and from generators of our own. */

/** Uniform numbers below 1 from a seed, the same on every machine. */
export class Numbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    let mixed = this.#state;
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x2c1b3c6d);
    mixed ^= mixed >>> 12;
    return (mixed >>> 0) / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)] as T;
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }
}

export interface WordSources {
  /** Names of software packages: what people call things that they publish. */
  readonly packageNames: readonly string[];
  /** Words by language. */
  readonly words: readonly (readonly string[])[];
  /** How often each language is drawn. */
  readonly weights: readonly number[];
}

const additions = 'online shop web blog media group tech live tv news info hotel club 123 2000 1 24 4u'.split(' ');

/** A label as people choose them: one to three words, a part of one, initials, a name of software. */
export function humanLabel(numbers: Numbers, sources: WordSources): string {
  const label = numbers.next() < 0.45 ? packageLabel(numbers, sources) : wordLabel(numbers, sources);
  return label.length >= 3 ? label.slice(0, 30) : humanLabel(numbers, sources);
}

function packageLabel(numbers: Numbers, { packageNames }: WordSources): string {
  const parts = numbers.pick(packageNames).split('-');
  const kept =
    parts.length > 2 || numbers.next() < 0.6 ? parts.slice(0, 1 + numbers.below(Math.min(3, parts.length))) : parts;
  return kept.join(numbers.next() < 0.75 ? '' : '-');
}

function wordLabel(numbers: Numbers, { words, weights }: WordSources): string {
  const drawn = weights.flatMap((weight, index) => Array.from({ length: weight }, () => index));
  const list = words[numbers.pick(drawn)] ?? [];
  const draw = numbers.next();
  const count = 1 + (draw < 0.3 ? 0 : 1) + (draw < 0.9 ? 0 : 1);
  const parts = Array.from({ length: count }, () => numbers.pick(list));
  const label = parts.join(numbers.next() < 0.2 ? '-' : '');
  const change = numbers.next();
  if (change < 0.1) return label + numbers.pick(additions);
  if (change < 0.2) return label.slice(0, 3 + numbers.below(6));
  if (change < 0.26) return parts.map((part) => part[0]).join('') + numbers.pick(list).slice(0, 5);
  return label;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const vowels = 'aeiouy';
const consonants = 'bcdfghjklmnpqrstvwxz';

/** A label as the families of generating malware make them that do not use word lists. */
export function generatedLabel(numbers: Numbers): string {
  const draw = numbers.next();
  if (draw < 0.45) return randomLetters(numbers);
  if (draw < 0.6) return numbers.text(letters + digits, 8 + numbers.below(20));
  if (draw < 0.66) return numbers.text('0123456789abcdef', 8 + numbers.below(25));
  if (draw < 0.72) return numbers.text(`${letters}234567`, 10 + numbers.below(20));
  if (draw < 0.88) return alternating(numbers);
  if (draw < 0.96) return syllables(numbers);
  return numbers.text(letters, 6 + numbers.below(8)) + numbers.text(digits, 1 + numbers.below(3));
}

/** Some families use only a part of the alphabet. */
function randomLetters(numbers: Numbers): string {
  const alphabet = numbers.next() < 0.3 ? letters.slice(0, 16 + numbers.below(10)) : letters;
  return numbers.text(alphabet, 6 + numbers.below(numbers.next() < 0.7 ? 12 : 20));
}

function alternating(numbers: Numbers): string {
  let isConsonant = numbers.next() < 0.6;
  let label = '';
  for (let left = 5 + numbers.below(9); left > 0; left--) {
    label += numbers.pick(isConsonant ? consonants : vowels);
    if (numbers.next() < 0.93) isConsonant = !isConsonant;
  }
  return label;
}

function syllables(numbers: Numbers): string {
  let label = '';
  for (let left = 2 + numbers.below(4); left > 0; left--) {
    label += numbers.pick(consonants);
    if (numbers.next() < 0.15) label += numbers.pick(consonants);
    label += numbers.pick(vowels);
    if (numbers.next() < 0.35) label += numbers.pick(consonants);
  }
  return label.slice(0, 18);
}
