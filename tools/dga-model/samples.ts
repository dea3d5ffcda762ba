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

export interface Domain {
  readonly label: string;
  readonly suffix: string;
}

export interface Sources {
  /** Domains of web sites. */
  readonly sites: readonly Domain[];
  /** Names of software packages: what people call things that they publish. */
  readonly packageNames: readonly string[];
  /** Words by language, English first. */
  readonly words: readonly (readonly string[])[];
  /** The most frequent English words. */
  readonly common: readonly string[];
  /** English words that follow each other oftener than by chance. */
  readonly pairs: readonly (readonly string[])[];
}

const additions = 'online shop web blog media group tech live tv news info hotel club 123 2000 1 24 4u'.split(' ');
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A domain as people choose them: of a web site, or a name of software or of words below the suffix of one. */
export function humanDomain(numbers: Numbers, sources: Sources): Domain {
  const site = numbers.pick(sources.sites);
  if (numbers.next() < 0.8) return site;
  const label = humanLabel(numbers, sources);
  return label.length < 3 ? humanDomain(numbers, sources) : { label: label.slice(0, 30), suffix: site.suffix };
}

function packageLabel(numbers: Numbers, { packageNames }: Sources): string {
  const parts = numbers.pick(packageNames).split('-');
  const kept =
    parts.length > 2 || numbers.next() < 0.6 ? parts.slice(0, 1 + numbers.below(Math.min(3, parts.length))) : parts;
  return kept.join(numbers.next() < 0.75 ? '' : '-');
}

function humanLabel(numbers: Numbers, sources: Sources): string {
  const draw = numbers.next();
  if (draw < 0.4) return packageLabel(numbers, sources);
  return draw < 0.75 ? wordLabel(numbers, sources) : pairLabel(numbers, sources);
}

/** Words that go together, now and then with a further one. */
function pairLabel(numbers: Numbers, { pairs, common }: Sources): string {
  const parts = [...numbers.pick(pairs)];
  const draw = numbers.next();
  if (draw < 0.15) parts.push(numbers.pick(common));
  else if (draw < 0.3) parts.unshift(numbers.pick(common));
  return parts.join(numbers.next() < 0.15 ? '-' : '');
}

function wordLabel(numbers: Numbers, { words, common }: Sources): string {
  const language = numbers.next() < 0.4 ? 0 : 1 + numbers.below(words.length - 1);
  const list = words[language] ?? [];
  const draw = numbers.next();
  const count = 1 + (draw < 0.25 ? 0 : 1) + (draw < 0.75 ? 0 : 1) + (draw < 0.95 ? 0 : 1);
  const parts = Array.from({ length: count }, () =>
    numbers.pick(language === 0 && numbers.next() < 0.8 ? common : list),
  );
  const label = parts.join(numbers.next() < 0.2 ? '-' : '');
  const change = numbers.next();
  if (change < 0.1) return label + numbers.pick(additions);
  if (change < 0.2) return label.slice(0, 3 + numbers.below(6));
  if (change < 0.3) return parts.map((part) => part[0]).join('') + numbers.pick(list).slice(0, 5);
  return change < 0.34 ? numbers.text(letters, 3 + numbers.below(2)) : label;
}
