import { parseIpv4 } from '../base/ip.ts';
import type { Entity } from '../events/entity.ts';

/** Texts come out of requests and command lines: read no more of each, and take no more out of it. */
const maxTextLength = 2000;
const maxMentions = 12;

const tokenPattern = /[a-z0-9._-]{4,253}/gi;
const namePattern = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}[a-z][a-z0-9-]{1,62}$/i;

/**
 * Addresses and DNS names in free text. File names look like DNS names (`run.sh`, `setup.py`), so what is found here
 * only ever links to things that another finding names outright.
 */
export function addressesAndNamesIn(texts: readonly string[]): Entity[] {
  const found = new Map<string, Entity>();
  for (const text of texts) {
    for (const [token] of text.slice(0, maxTextLength).matchAll(tokenPattern)) {
      const value = token.replace(/^[.-]+|[.-]+$/g, '').toLowerCase();
      const kind = mentionKind(value);
      if (kind === undefined || found.size >= maxMentions) continue;
      found.set(value, { kind, value });
    }
  }
  return [...found.values()];
}

function mentionKind(value: string): 'address' | 'domain' | undefined {
  if (parseIpv4(value) !== undefined) return 'address';
  return namePattern.test(value) ? 'domain' : undefined;
}
