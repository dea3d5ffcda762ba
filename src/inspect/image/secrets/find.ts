import { secretPatterns, type SecretPattern } from './patterns.ts';

export interface FoundSecret {
  readonly pattern: SecretPattern;
  readonly secret: string;
  /** Offset in the text. */
  readonly at: number;
}

/** Secrets told of one text: a file full of keys is one finding more than a file with this many. */
const maxFound = 50;

/** Secrets in a text that are known by their form. Examples of documentation, and values that repeat few characters, are left out. */
export function findSecrets(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const pattern of secretPatterns) {
    if (!text.includes(pattern.keyword) && !text.includes(pattern.keyword.toUpperCase())) continue;
    for (const match of text.matchAll(pattern.form)) {
      const secret = match.groups?.['secret'] ?? match[0];
      if (isExample(secret, match[0])) continue;
      found.push({ pattern, secret, at: match.index });
      if (found.length >= maxFound) return found;
    }
  }
  return found;
}

function isExample(secret: string, all: string): boolean {
  return (
    /example|sample|placeholder|your[_-]|xxxx|0000000|1234567890|abcdef0123/i.test(all) ||
    entropy(secret.slice(0, 200)) < 2.2
  );
}

/** Bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
