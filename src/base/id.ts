import { createHash } from 'node:crypto';

/** A short id from text parts: the same parts give the same id. 12 hexadecimal digits, after a prefix. */
export function stableId(prefix: string, parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return `${prefix}${hash.digest('hex').slice(0, 12)}`;
}
