import type { Family, WordStock } from './family.ts';
import type { Domain, Numbers } from './samples.ts';

/** Of Nymaim's second version: three times the two that most names have. */
const nymaimSuffixes = (
  'com com com com net net net net ac ad at am az be biz bt by cc ch cm cn co cx cz de dk ec eu gs hn ht id in info it jp ki kr kz la li lk lv me mo ' +
  'mv mx name nu org ph pk pl pro ps re ru sc sg sh su tel tf tj tk tm top uz vn win ws wtf xyz yt'
).split(' ');
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Two words of one list. */
function suppobox(numbers: Numbers, { suppobox: lists }: WordStock): Domain {
  const list = numbers.pick(lists);
  const suffix = numbers.next() < 0.85 ? 'net' : numbers.pick(['ru', 'com', 'org']);
  return { label: numbers.pick(list) + numbers.pick(list), suffix };
}

/** Nouns and verbs until it is long enough, seldom with a hyphen. */
function matsnu(numbers: Numbers, { matsnuNouns, matsnuVerbs }: WordStock): Domain {
  const size = 12 + numbers.below(13);
  let label = '';
  while (label.length < size) {
    if (label !== '' && numbers.next() < 0.08) label += '-';
    label += numbers.pick(numbers.next() < 0.5 ? matsnuNouns : matsnuVerbs);
  }
  return { label, suffix: 'com' };
}

/** Words of a text, each third one halved, as long as they fit. */
function gozi(numbers: Numbers, { texts }: WordStock): Domain {
  const text = numbers.pick(texts);
  const size = 12 + numbers.below(12);
  let label = '';
  while (label.length < size) {
    const word = numbers.pick(text);
    const part = numbers.next() < 1 / 3 ? word.slice(0, word.length >> 1) : word;
    if (label.length + part.length <= 24) label += part;
  }
  return { label, suffix: numbers.next() < 0.8 ? 'com' : numbers.pick(['ru', 'info', 'net', 'cn', 'at']) };
}

/** Words of a text, cut where the length is reached. */
function rovnixText(numbers: Numbers, { texts }: WordStock): Domain {
  const text = numbers.pick(texts.slice(1));
  const size = 12 + numbers.below(12);
  let label = '';
  while (label.length < size) label += numbers.pick(text);
  return { label: label.slice(0, size), suffix: numbers.pick(['com', 'net', 'org', 'biz', 'cn', 'ru']) };
}

/** Where the alphabet is parted: the first words begin here, the second ones end before. */
const nymaimParting = 'reaches';

/** Two frequent words, with a hyphen or without. */
function nymaim2(numbers: Numbers, { frequent }: WordStock): Domain {
  const parting = Math.max(1, frequent.indexOf(nymaimParting));
  const first = frequent[parting + numbers.below(frequent.length - parting)] ?? '';
  const second = frequent[numbers.below(parting)] ?? '';
  return { label: first + numbers.pick(['-', '']) + second, suffix: numbers.pick(nymaimSuffixes) };
}

/** Long words put together, of which the first four letters are changed. */
function banjori(numbers: Numbers, { frequent }: WordStock): Domain {
  const tail = numbers.pick(frequent) + numbers.pick(frequent);
  return { label: numbers.text(letters, 4) + tail.slice(0, 20), suffix: 'com' };
}

/** A word with a number behind. */
function beebone(numbers: Numbers, { frequent }: WordStock): Domain {
  return {
    label: `${numbers.pick(frequent)}${numbers.pick(frequent).slice(0, 3)}${numbers.below(100)}`,
    suffix: numbers.pick(['com', 'net', 'org', 'biz', 'info']),
  };
}

const prefixes =
  'un under re in im il ir en em over mis dis pre post anti inter sub ultra non de pro trans ex macro micro mini mono multi semi co'.split(
    ' ',
  );
const endings =
  'able ant ate age ance ary al ency er ed ize ify ing ish ity ion ism ist ical ive ous ure dom hood less like ful ness ment ship tion ward'.split(
    ' ',
  );

/** A prefix, letters that take turns and the ending of a word, up to three times with hyphens between. */
function ngioweb(numbers: Numbers): Domain {
  const part = (): string => {
    let isVowel = numbers.next() < 0.5;
    let middle = '';
    for (let left = 4 + numbers.below(3); left > 0; left--) {
      middle += numbers.pick(isVowel ? 'aeiou' : 'bcdfghklmnprstvxz');
      isVowel = !isVowel;
    }
    return numbers.pick(prefixes) + middle + numbers.pick(endings);
  };
  const label = Array.from({ length: 1 + numbers.below(3) }, part).join('-');
  return { label, suffix: numbers.pick(['net', 'info', 'com', 'biz', 'org', 'name']) };
}

/** The four of which every collection of names has many are drawn more. */
export const wordyFamilies: readonly Family[] = [
  { id: 'suppobox', share: 4, make: suppobox },
  { id: 'matsnu', share: 4, make: matsnu },
  { id: 'gozi', share: 4, make: gozi },
  { id: 'nymaim2', share: 4, make: nymaim2 },
  { id: 'rovnix-text', share: 0.5, make: rovnixText },
  { id: 'banjori', share: 0.2, make: banjori },
  { id: 'beebone', share: 0.2, make: beebone },
  { id: 'ngioweb', share: 1, make: ngioweb },
];
