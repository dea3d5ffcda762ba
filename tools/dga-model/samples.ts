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
  /** English words that names of software use: common ones. */
  readonly common: readonly string[];
  /** Given names, surnames and places. */
  readonly names: readonly string[];
  readonly latin: readonly string[];
}

const additions = 'online shop web blog media group tech live tv news info hotel club 123 2000 1 24 4u'.split(' ');
const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const vowels = 'aeiouy';
const consonants = 'bcdfghjklmnpqrstvwxz';

/** A domain as people choose them: of a web site, or a name of software or of words below the suffix of one. */
export function humanDomain(numbers: Numbers, sources: Sources): Domain {
  const site = numbers.pick(sources.sites);
  if (numbers.next() < 0.7) return site;
  const label = numbers.next() < 0.5 ? packageLabel(numbers, sources) : wordLabel(numbers, sources);
  return label.length < 3 ? humanDomain(numbers, sources) : { label: label.slice(0, 30), suffix: site.suffix };
}

function packageLabel(numbers: Numbers, { packageNames }: Sources): string {
  const parts = numbers.pick(packageNames).split('-');
  const kept =
    parts.length > 2 || numbers.next() < 0.6 ? parts.slice(0, 1 + numbers.below(Math.min(3, parts.length))) : parts;
  return kept.join(numbers.next() < 0.75 ? '' : '-');
}

function wordLabel(numbers: Numbers, { words, common }: Sources): string {
  const language = numbers.next() < 0.4 ? 0 : 1 + numbers.below(words.length - 1);
  const list = words[language] ?? [];
  const draw = numbers.next();
  const count = 1 + (draw < 0.3 ? 0 : 1) + (draw < 0.93 ? 0 : 1);
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

/** Suffixes that generators of names use, as descriptions of them tell. */
const suffixes = (
  'com net org info biz ru com net org info com net cc eu su me top pw xyz tw cn tv co in name mobi ws us de co.uk kz la be im nl fr it pro online ' +
  'website space club site tk so sc mn jp kr pl to ga cf tm bz ac sx gs ms mu nu sh hn ki cm pk ph fm ch at sg ir mx pt cx vg lc'
).split(' ');
const dynamicSuffixes = (
  'ddns.net dyndns.org yi.org mooo.com dynserv.com no-ip.org hopto.org zapto.org sytes.net myftp.org dyndns.biz dnsalias.com duckdns.org ' +
  'chickenkiller.com strangled.net serveftp.com myvnc.com no-ip.biz us.to'
).split(' ');

/** A domain as the families of generating malware make them that do not use word lists. */
export function randomDomain(numbers: Numbers): Domain {
  const isDynamic = numbers.next() < 0.12;
  return { label: randomLabel(numbers), suffix: numbers.pick(isDynamic ? dynamicSuffixes : suffixes) };
}

function randomLabel(numbers: Numbers): string {
  const draw = numbers.next();
  if (draw < 0.42) return randomLetters(numbers);
  if (draw < 0.54) return numbers.text(letters + digits, 8 + numbers.below(20));
  if (draw < 0.6) return numbers.text('0123456789abcdef', 8 + numbers.below(25));
  if (draw < 0.64) return numbers.text(`${letters}234567`, 10 + numbers.below(20));
  if (draw < 0.76) return alternating(numbers, 0.93);
  if (draw < 0.88) return alternating(numbers, 0.6);
  if (draw < 0.96) return syllables(numbers);
  return numbers.text(letters, 6 + numbers.below(8)) + numbers.text(digits, 1 + numbers.below(3));
}

/** Some families use only a part of the alphabet. */
function randomLetters(numbers: Numbers): string {
  const alphabet = numbers.next() < 0.3 ? letters.slice(0, 16 + numbers.below(10)) : letters;
  return numbers.text(alphabet, 5 + numbers.below(numbers.next() < 0.7 ? 13 : 22));
}

/** Vowels and consonants that take turns, as often as `strictness` says. */
function alternating(numbers: Numbers, strictness: number): string {
  let isConsonant = numbers.next() < 0.6;
  let label = '';
  for (let left = 5 + numbers.below(9); left > 0; left--) {
    label += numbers.pick(isConsonant ? consonants : vowels);
    if (numbers.next() < strictness) isConsonant = !isConsonant;
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

/**
 * A domain as families make them that put words together: two words or names (as Suppobox), two words with or without a hyphen under many suffixes
 * (Nymaim), words up to a length (Matsnu), pieces of a Latin text (Gozi).
 */
export function wordyDomain(numbers: Numbers, { common, names, latin }: Sources): Domain {
  const draw = numbers.next();
  const word = (): string => numbers.pick(common);
  if (draw < 0.32) {
    return { label: word() + word(), suffix: numbers.next() < 0.75 ? 'net' : numbers.pick(['ru', 'com', 'org']) };
  }
  if (draw < 0.44) {
    return { label: numbers.pick(names) + numbers.pick(names), suffix: numbers.next() < 0.85 ? 'net' : 'com' };
  }
  if (draw < 0.66) {
    return { label: word() + (numbers.next() < 0.45 ? '-' : '') + word(), suffix: numbers.pick(suffixes) };
  }
  const suffix = numbers.next() < 0.8 ? 'com' : numbers.pick(suffixes);
  return { label: draw < 0.87 ? sentence(numbers, common) : latinText(numbers, latin), suffix };
}

function sentence(numbers: Numbers, words: readonly string[]): string {
  const length = 12 + numbers.below(14);
  let label = '';
  while (label.length < length) label += (numbers.next() < 0.06 && label !== '' ? '-' : '') + numbers.pick(words);
  return label.slice(0, 63);
}

function latinText(numbers: Numbers, latin: readonly string[]): string {
  const length = 12 + numbers.below(13);
  let label = '';
  while (label.length < length) {
    const word = numbers.pick(latin);
    label += numbers.next() < 0.3 ? word.slice(0, 2 + numbers.below(4)) : word;
  }
  return numbers.next() < 0.3 ? label.slice(0, length) : label;
}
