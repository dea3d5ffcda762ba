/** The cipher suites that JARM offers, in its order ("ALL"). */
const offered =
  '0016 0033 0067 c09e c0a2 009e 0039 006b c09f c0a3 009f 0045 00be 0088 00c4 009a c008 c009 c023 c0ac c0ae c02b c00a c024 c0ad c0af c02c c072 c073 cca9 1302 1301 cc14 c007 c012 c013 c027 c02f c014 c028 c030 c060 c061 c076 c077 cca8 1305 1304 1303 cc13 c011 000a 002f 003c c09c c0a0 009c 0035 003d c09d c0a1 009d 0041 00ba 0084 00c0 0007 0004 0005';

export const allCiphers: readonly string[] = offered.split(' ');
/** Without those of TLS 1.3 ("NO1.3"). */
export const oldCiphers: readonly string[] = allCiphers.filter((cipher) => !cipher.startsWith('13'));

/** In numeric order, those of TLS 1.3 last. */
const numbered = [...oldCiphers].sort().concat(allCiphers.filter((cipher) => cipher.startsWith('13')).sort());

/** Two hexadecimal digits: the place of the cipher in that list, from 1; one past its end for others, 00 for none. */
export function cipherNumber(cipher: string): string {
  if (cipher === '') return '00';
  const at = numbered.indexOf(cipher);
  return (at < 0 ? numbered.length + 1 : at + 1).toString(16).padStart(2, '0');
}

export type Order = 'forward' | 'reverse' | 'top-half' | 'bottom-half' | 'middle-out';

/** A list in another order. Halves leave out the rest; the middle of an odd list belongs to its top half. */
export function ordered<T>(list: readonly T[], order: Order): readonly T[] {
  const middle = Math.floor(list.length / 2);
  const isOdd = list.length % 2 === 1;
  switch (order) {
    case 'forward':
      return list;
    case 'reverse':
      return list.toReversed();
    case 'bottom-half':
      return list.slice(isOdd ? middle + 1 : middle);
    case 'top-half':
      return list.slice(0, isOdd ? middle + 1 : middle).toReversed();
    case 'middle-out':
      return fromTheMiddle(list, middle, isOdd);
  }
}

function fromTheMiddle<T>(list: readonly T[], middle: number, isOdd: boolean): T[] {
  const upper = list.slice(isOdd ? middle + 1 : middle);
  const lower = list.slice(0, middle).toReversed();
  const out = isOdd ? list.slice(middle, middle + 1) : [];
  for (const [index, one] of upper.entries()) out.push(one, ...lower.slice(index, index + 1));
  return out;
}
