import { createHash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A Zeek id: a letter (`C` connection, `F` file) and 96 bits in base 62, as Zeek writes them. */
export function zeekId(letter: 'C' | 'F', key: string): string {
  let value = BigInt(`0x${digest('sha256', `zeek ${letter} ${key}`).slice(0, 24)}`);
  let text = '';
  while (value > 0n) {
    text += alphabet[Number(value % 62n)];
    value /= 62n;
  }
  return letter + text;
}

/** A Suricata flow id: at most 51 bits, so exact as a JSON number. */
export function suricataFlowId(key: string): number {
  return Number(BigInt(`0x${digest('sha256', `flow ${key}`).slice(0, 14)}`) & 0x7_ffff_ffff_ffffn);
}

/** Hexadecimal digest of a text. */
export function digest(algorithm: 'md5' | 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** A whole number below `bound` that belongs to the text. */
export function numberOf(text: string, bound: number): number {
  return Number.parseInt(digest('sha256', text).slice(0, 12), 16) % bound;
}
