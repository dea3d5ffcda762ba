import type { Family } from './family.ts';
import type { Numbers } from './samples.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const toY = letters.slice(0, 25);
const digits = '0123456789';
const hex = `${digits}abcdef`;
const vowels = 'aeiou';
const consonants = 'bcdfghjklmnpqrstvwxz';

const manyCountries =
  'ac ae ag am as at be bo bz ca cd ch cl cn co.cr co.id co.il co.ke co.kr co.nz co.ug co.uk co.vi co.za com.ag com.ai com.ar com.bo com.br ' +
  'com.bs com.co com.do com.fj com.gh com.gl com.gt com.hn com.jm com.ki com.lc com.mt com.mx com.ng com.ni com.pa com.pe com.pr com.pt com.py ' +
  'com.sv com.tr com.tt com.tw com.ua com.uy com.ve cx cz dj dk dm ec es fm fr gd gr gs gy hk hn ht hu ie im in ir is kn kz la lc li lu lv ly ' +
  'md me mn ms mu mw my nf nl no pe pk pl ps ro ru sc sg sh sk sn st tc tj tl tn to tw us vc vn';
const necursSuffixes =
  'tj in jp tw ac cm la mn so sh sc nu nf mu ms mx ki im cx cc tv bz me eu de ru co su pw kz sx us ug ir to ga com net org biz xxx pro bit';

/** So many of an alphabet. */
function drawn(alphabet: string, least: number, most = least): (numbers: Numbers) => string {
  return (numbers) => numbers.text(alphabet, least + numbers.below(most - least + 1));
}

/** Vowels and consonants that take turns, as often as `strictness` says. */
function alternating(least: number, most: number, strictness: number, sounds = vowels) {
  return (numbers: Numbers): string => {
    let isConsonant = numbers.next() < 0.6;
    let label = '';
    for (let left = least + numbers.below(most - least + 1); left > 0; left--) {
      label += numbers.pick(isConsonant ? consonants : sounds);
      if (numbers.next() < strictness) isConsonant = !isConsonant;
    }
    return label;
  };
}

/** Syllables of a small stock of consonants. */
function syllables(least: number, most: number) {
  return (numbers: Numbers): string => {
    const few = numbers.text(consonants, 6 + numbers.below(8));
    const size = least + numbers.below(most - least + 1);
    let label = '';
    while (label.length < size) label += syllable(numbers, few);
    return label.slice(0, size);
  };
}

function syllable(numbers: Numbers, few: string): string {
  const [before, vowel, after] = [numbers.pick(few), numbers.pick(vowels), numbers.pick(few)];
  const draw = numbers.next();
  if (draw < 0.36) return before + vowel;
  if (draw < 0.56) return vowel + after;
  if (draw < 0.86) return before + vowel + after;
  if (draw < 0.94) return before + vowel + numbers.pick('aeiou');
  return draw < 0.97 ? before : before + after;
}

/** One or two of few consonants after each vowel: Vawtrak. */
function vawtrak(numbers: Numbers): string {
  let left = numbers.below(2);
  let label = '';
  for (let size = 7 + numbers.below(5); size > 0; size--) {
    if (left > 0) {
      label += numbers.pick('cdfghlmnrstw');
      left--;
    } else {
      label += numbers.pick(vowels);
      left = 1 + numbers.below(2);
    }
  }
  return label;
}

/** Syllables of which one number gives all letters, so that there are 256: Pushdo. */
function pushdo(consonantsBefore: string, consonantsAfter: string, mask: number, skip: number) {
  return (numbers: Numbers): string => {
    const size = 9 + numbers.below(4);
    let label = '';
    while (label.length < size) {
      const number = numbers.below(256);
      const vowel = vowels[((number + 1) & 255) % 5] ?? '';
      label += (consonantsBefore[number % 19] ?? '') + vowel;
      if (vowel === 'e' && ((number + 2) & mask) !== 0) label += 'aio'[(number + 2) % 3] ?? '';
      else if (((number + 2) & skip) !== 0) label += consonantsAfter[(number + 3) % 15] ?? '';
    }
    return label.slice(0, size);
  };
}

const wordEndings = ['able', 'dom', 'hood', 'ment', 'ness', 'ship', 'ism', 'ly', 'tion', 'ing', 'ed', 'er'];

function withWordEnding(numbers: Numbers): string {
  const label = alternating(5, 9, 0.8)(numbers);
  return numbers.next() < 0.5 ? label : label.slice(0, 6) + numbers.pick(wordEndings);
}

function pronounceable(numbers: Numbers): string {
  return numbers.next() < 0.5 ? syllables(6, 13)(numbers) : alternating(6, 13, 0.65)(numbers);
}

/** A short text twice, with a letter behind. */
function twice(numbers: Numbers): string {
  const half = alternating(3, 4, 0.8)(numbers);
  return half + half + numbers.pick(letters.slice(0, 10));
}

/** Letters with some digits behind. */
function numbered(numbers: Numbers): string {
  return drawn(letters, 6, 13)(numbers) + drawn(digits, 1, 3)(numbers);
}

/** A few letters, then hexadecimal digits. */
function marked(numbers: Numbers): string {
  return numbers.pick(letters) + drawn(hex, 8, 34)(numbers);
}

/** Base64 of a date as it stands in names: letters that hardly change. */
function encodedDate(numbers: Numbers): string {
  const date = `${1 + numbers.below(28)}${1 + numbers.below(12)}20${10 + numbers.below(16)}${numbers.text(letters, 1)}`;
  return Buffer.from(date).toString('base64').replaceAll('=', 'a').toLowerCase();
}

type Row = readonly [id: string, label: (numbers: Numbers) => string, suffixes: string, share?: number];

const rows: readonly Row[] = [
  ['bamital', drawn(hex, 32), 'co.cc cz.cc info org'],
  ['bedep', drawn(letters, 12, 18), 'com'],
  ['blackhole', drawn(letters, 16), 'ru'],
  ['ccleaner', marked, 'com'],
  ['chinad', drawn(letters + digits, 16), 'com org net biz info ru cn'],
  ['conficker-a', drawn(letters, 5, 11), 'com net org info biz'],
  ['conficker-b', drawn(letters, 5, 11), 'cc cn ws com net org info biz'],
  ['conficker-c', drawn(letters, 4, 9), manyCountries],
  ['corebot', drawn(`${letters}012345678`, 12, 23), 'ddns.net'],
  ['cryptolocker', drawn(toY, 12, 15), 'com net biz ru org co.uk info'],
  ['dircrypt', drawn(letters, 8, 20), 'com'],
  ['dyre', marked, 'cc ws to in hk cn tk so'],
  ['ebury', drawn(letters.slice(0, 16) + digits, 13), 'info net biz'],
  ['emotet', drawn(toY, 16), 'eu'],
  ['feodo', drawn(letters, 16), 'ru'],
  ['flubot', drawn(toY, 15), 'com ru cn su'],
  ['fobber', drawn(letters, 10, 17), 'com net'],
  ['gameover', drawn(letters + digits, 20, 28), 'com net biz org'],
  ['gspy', drawn(hex, 14, 16), 'net'],
  ['hesperbot', drawn(letters, 8, 24), 'com'],
  ['infy', drawn(hex, 8), 'space net top'],
  ['kraken', withWordEnding, 'dyndns.org yi.org mooo.com dynserv.com com net cc tv'],
  ['kraken-letters', drawn(letters, 6, 11), 'dyndns.org yi.org mooo.com dynserv.com com net cc tv'],
  ['locky', drawn(toY, 5, 17), 'ru pw eu in yt pm us fr de it be uk nl tf info biz click su work pl org xyz'],
  ['madmax', drawn(letters + digits, 10), 'com org info net'],
  ['mirai', drawn(letters, 12), 'online tech support'],
  ['monerominer', drawn(letters + digits, 12, 14), 'org tickets blackfriday hosting feedback'],
  ['murofet', drawn(letters, 11, 16), 'biz com info net org ru'],
  ['murofet-digits', drawn(`${letters}123456789`, 16, 45), 'biz com info net org ru'],
  ['mydoom', drawn('aehmnpqrsw', 10), 'com biz us net org ws info in'],
  ['necurs', drawn(toY, 7, 21), necursSuffixes],
  ['nymaim', drawn(letters, 5, 12), 'ru net in com xyz info'],
  ['padcrypt', drawn('abcdefnolmk', 16, 24), 'com co.uk de org net eu info online co cc website'],
  ['pitou', alternating(8, 11, 0.6), 'com org biz net info mobi us name me'],
  ['proslikefan', drawn(letters, 6, 12), 'eu biz se info com net org ru in name cc co tv'],
  ['pushdo', pushdo('bcdfghjklmnpqrstvwx', 'zxtsrqpnmlkgfdc', 7, 1), 'ru com kz', 2],
  ['pushdo-2', pushdo('kqbhcndjfwglpmzxrsv', 'qzlbtgrnkxsfdcm', 8, 2), 'ru com kz', 2],
  ['pykspa', pronounceable, 'com biz net org info cc'],
  ['qadars', drawn(letters + digits, 12), 'com org net top'],
  ['qakbot', drawn(letters, 8, 25), 'com net org info biz'],
  ['qsnatch', drawn(letters, 3, 7), 'cc com net biz info org rocks top ml cf ga gq'],
  ['ramdo', drawn('acegikmoqsuwy', 16), 'org'],
  ['ramnit', drawn(toY, 8, 19), 'com eu click bid'],
  ['ranbyus', drawn(toY, 14, 17), 'in me cc su tw net com pw org'],
  ['rovnix', drawn(`${letters}12345678`, 18), 'com net ru biz cn'],
  ['shiotob', drawn(`${letters}123945678`, 7, 15), 'net com'],
  ['simda', (numbers) => strictly(numbers, numbers.next() < 0.8 ? 7 : 5 + numbers.below(7)), 'com info eu net org in'],
  ['sisron', encodedDate, 'com org net info'],
  ['sphinx', drawn(letters, 16), 'com'],
  ['symmi', alternating(8, 15, 0.8), 'ddns.net'],
  ['tempedreve', drawn(letters, 7, 11), 'com net org info'],
  ['tinba', drawn(letters, 12), 'com net in ru info pw xyz biz space cc'],
  ['tofsee', twice, 'biz ch'],
  ['torpig', drawn(letters, 7, 9), 'com net biz'],
  ['vawtrak', vawtrak, 'com', 4],
  ['vawtrak-letters', drawn(letters, 7, 11), 'top'],
  ['vidro', alternating(7, 12, 0.9), 'com net dyndns.org'],
  ['virut', drawn(letters, 6), 'com'],
  ['xshellghost', drawn(letters, 10, 16), 'com'],
  ['numbered', numbered, 'com net org info biz'],
];

/** A consonant, a vowel, and so on. */
function strictly(numbers: Numbers, length: number): string {
  return Array.from({ length }, (_none, at) => numbers.pick(at % 2 === 0 ? consonants : 'aeiouy')).join('');
}

/**
 * Families of malware that make names of random characters, as published analyses describe them: alphabet, length and suffixes. Names are drawn
 * anew with our own numbers: none is one that the malware made.
 */
export const randomFamilies: readonly Family[] = rows.map(([id, label, suffixes, share = 1]) => {
  const ends = suffixes.split(' ');
  return { id, share, make: (numbers) => ({ label: label(numbers), suffix: numbers.pick(ends) }) };
});
