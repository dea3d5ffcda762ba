import type { Domain, Numbers } from './samples.ts';

/** What families of malware put names together from, by the descriptions of them. */
export interface WordStock {
  /** The 1,500 or so words of everyday that a first reader has: Suppobox. */
  readonly everyday: readonly string[];
  /** English words, the most frequent first. */
  readonly frequent: readonly string[];
  /** Frequent nouns and verbs: Matsnu. */
  readonly nouns: readonly string[];
  readonly verbs: readonly string[];
  readonly firstNames: readonly string[];
  readonly surnames: readonly string[];
  /** Words of whole texts in their order: Gozi, Rovnix. */
  readonly texts: readonly (readonly string[])[];
}

const countries =
  'ac ae ag am as at be biz bz cc ch cn co com cx cz de dk eu fm fr gs hn hu im in info io is it jp kz la li lt lu lv me mn ms mu net nl no nu ' +
  'org pe ph pl pm pro pt pw re ro ru sc se sg sh si sk so su sx tel tf tk tl tm to tv tw us uz vc wf wtf ws xyz yt';
const manySuffixes = countries.split(' ');

type Maker = (numbers: Numbers, stock: WordStock) => Domain;

/** Two words of one list, or a first name and a surname. */
function suppobox(numbers: Numbers, { everyday, firstNames, surnames }: WordStock): Domain {
  const draw = numbers.next();
  if (draw < 0.5) return { label: numbers.pick(everyday) + numbers.pick(everyday), suffix: 'net' };
  if (draw < 0.62) {
    return { label: numbers.pick(everyday) + numbers.pick(everyday), suffix: numbers.pick(['ru', 'com']) };
  }
  const second = numbers.next() < 0.7 ? surnames : firstNames;
  return { label: numbers.pick(firstNames) + numbers.pick(second), suffix: 'net' };
}

/** Noun, verb, noun and so on until it is long enough. */
function matsnu(numbers: Numbers, { nouns, verbs }: WordStock): Domain {
  const size = 12 + numbers.below(13);
  let isNoun = numbers.next() < 0.5;
  let label = '';
  while (label.length < size) {
    const word = numbers.pick(isNoun ? nouns : verbs);
    if (label !== '' && numbers.next() < 0.08) label += '-';
    label += word;
    isNoun = !isNoun;
  }
  return { label: label.slice(0, 40), suffix: 'com' };
}

/** Words of a text, the last one cut where the length is reached. */
function gozi(numbers: Numbers, { texts }: WordStock): Domain {
  const text = numbers.next() < 0.65 ? (texts[0] ?? []) : numbers.pick(texts);
  const size = 12 + numbers.below(13);
  let label = '';
  while (label.length < size) label += cut(numbers, numbers.pick(text));
  const isCut = numbers.next() < 0.5;
  return {
    label: isCut ? label.slice(0, size) : label.slice(0, 30),
    suffix: numbers.next() < 0.8 ? 'com' : numbers.pick(['ru', 'info', 'net', 'cn', 'at']),
  };
}

function cut(numbers: Numbers, word: string): string {
  return numbers.next() < 0.12 ? word.slice(0, 1 + numbers.below(3)) : word;
}

/** Words that follow each other in a text. */
function rovnix(numbers: Numbers, { texts }: WordStock): Domain {
  const text = numbers.pick(texts.slice(1));
  const size = 12 + numbers.below(12);
  let label = '';
  while (label.length < size) label += numbers.pick(text);
  return { label: label.slice(0, 30), suffix: numbers.pick(['com', 'net', 'org', 'biz', 'cn', 'ru']) };
}

/** A frequent word and another, with a hyphen or without, below suffixes that few use. */
function nymaim(numbers: Numbers, { frequent }: WordStock): Domain {
  const [first, second] = [numbers.pick(frequent), numbers.pick(frequent)];
  return { label: first + (numbers.next() < 0.45 ? '-' : '') + second, suffix: numbers.pick(manySuffixes) };
}

/** Long words put together, of which the first four letters are changed. */
function banjori(numbers: Numbers, { frequent }: WordStock): Domain {
  const tail = numbers.pick(frequent) + numbers.pick(frequent);
  return { label: numbers.text('abcdefghijklmnopqrstuvwxyz', 4) + tail.slice(0, 20), suffix: 'com' };
}

/** A word with a number behind. */
function beebone(numbers: Numbers, { frequent }: WordStock): Domain {
  return {
    label: `${numbers.pick(frequent)}${numbers.pick(frequent).slice(0, 3)}${numbers.below(100)}`,
    suffix: numbers.pick(['com', 'net', 'org', 'biz', 'info']),
  };
}

/** By how often each is drawn: the four of which every collection of names has many are drawn more. */
const makers: readonly (readonly [Maker, number])[] = [
  [suppobox, 6],
  [gozi, 5],
  [matsnu, 4],
  [nymaim, 4],
  [rovnix, 1],
  [banjori, 1],
  [beebone, 0.5],
];
const allShares = makers.reduce((sum, [, share]) => sum + share, 0);

/** A domain as families make them that put words together. */
export function wordyDomain(numbers: Numbers, stock: WordStock): Domain {
  let left = numbers.next() * allShares;
  const found = makers.find(([, share]) => (left -= share) < 0) ?? makers[0];
  return (found?.[0] ?? suppobox)(numbers, stock);
}
