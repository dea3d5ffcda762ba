import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';
import { cipherNumber } from './ciphers.ts';

/**
 * The JARM of ten answers: 30 characters of ciphers and versions, and half of the SHA-256 over protocols and extensions;
 * 62 zeros when nothing answered.
 */
export function jarmHash(answers: readonly Answer[]): string {
  if (answers.every(({ cipher, version }) => cipher === '' && version === '')) return '0'.repeat(62);
  const fuzzy = answers.map(({ cipher, version }) => cipherNumber(cipher) + versionLetter(version)).join('');
  const rest = answers.map(({ protocol, extensions }) => protocol + extensions).join('');
  return fuzzy + createHash('sha256').update(rest, 'latin1').digest('hex').slice(0, 32);
}

/** `a` for SSL 3.0, `d` for TLS 1.2 (TLS 1.3 says that it is 1.2), by the minor number; `0` for none. */
function versionLetter(version: string): string {
  if (version === '') return '0';
  return 'abcdef'[Number.parseInt(version.slice(3, 4), 16)] ?? '0';
}
