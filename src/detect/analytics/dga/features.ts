/** Entries of the table that groups of characters are hashed into. */
export const tableSize = 2 ** 15;

/** Hashes of all groups of two to four characters of a label with its ends marked, digits being alike. */
export function groupsOf(label: string): number[] {
  const text = `^${label.replaceAll(/\d/g, '0')}$`;
  const groups: number[] = [];
  for (let length = 2; length <= 4; length++) {
    for (let at = 0; at + length <= text.length; at++) groups.push(hashOf(text, at, length));
  }
  return groups;
}

/** FNV-1a over the characters, begun with their number. */
function hashOf(text: string, at: number, length: number): number {
  let hash = 2_166_136_261 ^ length;
  for (let index = at; index < at + length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  hash ^= hash >>> 15;
  return hash & (tableSize - 1);
}

/** Numbers that describe a label as a whole: length, digits, vowels, runs of consonants, how many characters differ. */
export function shapeOf(label: string): number[] {
  const length = Math.max(1, label.length);
  const digits = countOf(label, /\d/g);
  const vowels = countOf(label, /[aeiouy]/g);
  let changes = 0;
  for (let index = 1; index < label.length; index++) {
    if (isDigit(label.charCodeAt(index)) !== isDigit(label.charCodeAt(index - 1))) changes++;
  }
  const runs = label.match(/[bcdfghjklmnpqrstvwxz]+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  return [
    1,
    length / 20,
    (length * length) / 400,
    digits / length,
    changes / length,
    vowels / length,
    Math.abs(vowels / length - 0.42),
    countOf(label, /-/g),
    longest / 6,
    new Set(label).size / length,
  ];
}
export const shapes = 10;

function countOf(label: string, pattern: RegExp): number {
  return label.match(pattern)?.length ?? 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
