export type Alphabet = 'decimal' | 'hex' | 'base32' | 'base36' | 'base64' | 'bytes' | 'text';

/** Bits that a character carries. Names are in lower case, so base64 shows as letters, digits and its other signs. */
export const bitsOf: Readonly<Record<Exclude<Alphabet, 'text'>, number>> = {
  decimal: Math.log2(10),
  hex: 4,
  base32: 5,
  base36: Math.log2(36),
  base64: 6,
  bytes: 7,
};

/** Share of characters that must be inside an alphabet: a stray `www` must not hide it. */
const inside = 0.99;
/** Share of bytes beyond ASCII from which the names carry bytes: iodine's base128 has half of them there. */
const bytesShare = 0.05;
/** Share of base64's other signs: two of 64 are expected, and a hyphen between two words is rarer. */
const signShare = 0.005;

const digits = '0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** The narrowest alphabet that holds nearly all characters. */
export function alphabetOf(pieces: readonly string[]): Alphabet {
  const shareOf = createShares(pieces);
  if (pieces.length === 0) return 'text';
  if (shareOf(digits) > inside) return 'decimal';
  if (shareOf(`${digits}abcdef`) > inside) return 'hex';
  if (shareOf(letters + digits + signs) < 1 - bytesShare) return 'bytes';
  if (shareOf(`${letters}234567`) > inside) return 'base32';
  if (shareOf(letters + digits) > 0.995) return 'base36';
  return shareOf(signs) >= signShare ? 'base64' : 'text';
}

/** Signs of both kinds of base64, and what tools put for them where a name may not hold them. */
const signs = '+/=_-*';

/** How much of all characters a set of characters makes up. */
function createShares(pieces: readonly string[]): (alphabet: string) => number {
  const counts = new Map<string, number>();
  let total = 0;
  for (const piece of pieces) {
    for (const character of piece) counts.set(character, (counts.get(character) ?? 0) + 1);
    total += piece.length;
  }
  return (alphabet) => {
    let sum = 0;
    for (const character of alphabet) sum += counts.get(character) ?? 0;
    return total === 0 ? 0 : sum / total;
  };
}
