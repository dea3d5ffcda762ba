/** Characters looked at: statistics no longer move above it, and an attacker chooses how much text there is. */
const maxCharacters = 20_000;
/** Shuffles that the text is held against; their mean scatters by some hundredths of a bit. */
const shuffles = 4;

/** What a text of many pieces looks like, whatever its alphabet. */
export interface TextStatistics {
  readonly characters: number;
  /** Shannon entropy in bits per character. */
  readonly bits: number;
  /** Entropy as a share of what as many different characters could have: above 0.97 for random data, about 0.9 for words. */
  readonly evenness: number;
  /** Changes between digit and letter per character: 0.47 for random hex, 0.3 for base32, near 0 for words. */
  readonly mixing: number;
  /**
   * Bits by which a character foretells the next one, above what chance shows in the same characters shuffled. About 0 for
   * random data in any alphabet, 0.3 to 2 for words and for names that people or programs build.
   */
  readonly foretelling: number;
}

export function measureText(pieces: readonly string[]): TextStatistics {
  const sample = takeSample(pieces);
  const counts = new Map<number, number>();
  let changes = 0;
  let characters = 0;
  for (const piece of sample) {
    let last: CharacterClass;
    for (const code of piece) {
      counts.set(code, (counts.get(code) ?? 0) + 1);
      const type = classOf(code);
      if (type !== undefined && last !== undefined && type !== last) changes++;
      last = type ?? last;
    }
    characters += piece.length;
  }
  const bits = entropyOf(counts.values(), characters);
  return {
    characters,
    bits,
    evenness: counts.size < 2 ? 0 : bits / Math.log2(counts.size),
    mixing: characters === 0 ? 0 : changes / characters,
    foretelling: foretellingOf(sample),
  };
}

/** The first pieces as character codes, up to the limit. */
function takeSample(pieces: readonly string[]): Uint16Array[] {
  const sample: Uint16Array[] = [];
  let taken = 0;
  for (const piece of pieces) {
    if (taken >= maxCharacters) break;
    sample.push(Uint16Array.from(piece, (character) => character.charCodeAt(0)));
    taken += piece.length;
  }
  return sample;
}

type CharacterClass = 'digit' | 'letter' | undefined;

function classOf(code: number): CharacterClass {
  if (code >= 48 && code <= 57) return 'digit';
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127 ? 'letter' : undefined;
}

function entropyOf(counts: Iterable<number>, total: number): number {
  let bits = 0;
  for (const count of counts) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/**
 * Mutual information of neighbours. Its estimate from little text is far too high, by an amount that depends on the
 * alphabet; the shuffled text has the same excess and no order, so the difference is what order there is.
 */
function foretellingOf(sample: readonly Uint16Array[]): number {
  const observed = neighbourInformation(sample);
  const draw = createDraw();
  let byChance = 0;
  for (let round = 0; round < shuffles; round++) byChance += neighbourInformation(shuffled(sample, draw)) / shuffles;
  return observed - byChance;
}

function neighbourInformation(sample: readonly Uint16Array[]): number {
  const pairs = new Map<number, number>();
  const lefts = new Map<number, number>();
  const rights = new Map<number, number>();
  let total = 0;
  for (const piece of sample) {
    for (let index = 1; index < piece.length; index++) {
      const left = piece[index - 1] ?? 0;
      const right = piece[index] ?? 0;
      const pair = left * 0x1_0000 + right;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      lefts.set(left, (lefts.get(left) ?? 0) + 1);
      rights.set(right, (rights.get(right) ?? 0) + 1);
      total++;
    }
  }
  return entropyOf(lefts.values(), total) + entropyOf(rights.values(), total) - entropyOf(pairs.values(), total);
}

/** All characters dealt anew to pieces of the same lengths (Fisher and Yates). */
function shuffled(sample: readonly Uint16Array[], draw: (limit: number) => number): Uint16Array[] {
  const all = new Uint16Array(sample.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of sample) {
    all.set(piece, at);
    at += piece.length;
  }
  for (let index = all.length - 1; index > 0; index--) {
    const other = draw(index + 1);
    const kept = all[index] ?? 0;
    all[index] = all[other] ?? 0;
    all[other] = kept;
  }
  at = 0;
  return sample.map((piece) => all.subarray(at, (at += piece.length)));
}

/** Always the same numbers, so that a finding says the same on every run. Constants of Numerical Recipes' `ranqd1`. */
function createDraw(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
