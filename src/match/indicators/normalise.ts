import type { IndicatorKind } from './format.ts';
import { normaliseAddress } from './values/address.ts';
import { normaliseDomain, plainDomain } from './values/domain.ts';
import { looksLikeFile, normaliseFile } from './values/file.ts';
import { refang } from './values/refang.ts';
import { normaliseEmail, normaliseHash, normaliseJa3, normaliseUserAgent } from './values/text.ts';
import { normaliseUrl } from './values/url.ts';
import { maxValueLength, type Normalised } from './values/value.ts';

/**
 * The kind and normal form of a value by its shape alone, for lists that mix kinds. JA3 fingerprints (they look like
 * MD5) and user agents are never guessed. A reason, as text, for what is none.
 */
export function classify(text: string): Normalised {
  if (text.length > maxValueLength) return 'is too long';
  const domain = plainDomain(text);
  if (domain !== undefined) return domain;
  if (looksLikeFile(text)) return normaliseFile(text);
  const value = refang(text);
  if (value.includes('://')) return normaliseUrl(value);
  const hash = normaliseHash(value);
  if (hash !== undefined) return hash;
  const address = normaliseAddress(value);
  if (address !== undefined) return address;
  const slash = value.indexOf('/');
  if (slash > 0) return normaliseUrl(value);
  if (slash === 0) return 'is a path without a host';
  return value.includes('@') ? normaliseEmail(value) : normaliseDomain(value);
}

/**
 * The normal form of a value whose kind the list tells. `address`, `cidr` and the hashes correct each other:
 * lists call a network an address, and any hash a hash.
 */
export function normalise(kind: IndicatorKind, text: string): Normalised {
  if (text.length > maxValueLength) return 'is too long';
  switch (kind) {
    case 'address':
    case 'cidr':
      return normaliseAddress(refang(text)) ?? 'is no address';
    case 'domain':
      return domainOrAddress(refang(text));
    case 'url':
      return normaliseUrl(refang(text));
    case 'md5':
    case 'sha1':
    case 'sha256':
      return normaliseHash(text) ?? 'is no MD5, SHA-1 or SHA-256';
    case 'ja3':
      return normaliseJa3(text);
    case 'user-agent':
      return normaliseUserAgent(text);
    case 'email':
      return normaliseEmail(refang(text));
    case 'file':
      return normaliseFile(text);
  }
}

/** Lists of host names hold addresses too. */
function domainOrAddress(text: string): Normalised {
  return normaliseAddress(text) ?? normaliseDomain(text);
}
