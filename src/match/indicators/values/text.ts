import { hostName } from './domain.ts';
import { normalValue, type Normalised } from './value.ts';

/** A hash of a file or certificate in lower-case hexadecimal, its kind by its length. Undefined for anything else. */
export function normaliseHash(text: string): Normalised | undefined {
  const { length } = text;
  if (length === 32 || length === 40 || length === 64) return bareHash(text);
  const isColonForm = length >= 47 && length <= 95 && /^(?:[0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(text);
  return isColonForm ? bareHash(text.replaceAll(':', '')) : undefined;
}

function bareHash(text: string): Normalised | undefined {
  if (!/^[0-9a-f]+$/i.test(text)) return undefined;
  const value = text.toLowerCase();
  if (value.length === 32) return normalValue('md5', value);
  if (value.length === 40) return normalValue('sha1', value);
  return value.length === 64 ? normalValue('sha256', value) : undefined;
}

/** An MD5 that stands for a client hello. */
export function normaliseJa3(text: string): Normalised {
  return /^[0-9a-f]{32}$/i.test(text) ? normalValue('ja3', text.toLowerCase()) : 'is no JA3 fingerprint';
}

/** `user@host` in lower case. */
export function normaliseEmail(text: string): Normalised {
  const bare = mailAddressOf(text);
  const at = bare.lastIndexOf('@');
  const user = bare.slice(0, at);
  const host = hostName(bare.slice(at + 1));
  if (at < 1 || host === undefined || /[\s<>"(),:;@]/.test(user)) return 'is no mail address';
  return normalValue('email', `${user}@${host}`);
}

/** The address in `"Name" <user@host>`, in lower case; the text itself when it has no angle brackets. */
export function mailAddressOf(text: string): string {
  const open = text.lastIndexOf('<');
  const close = text.indexOf('>', open);
  const inner = open >= 0 && close > open ? text.slice(open + 1, close) : text;
  return inner
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase();
}

/** Fewest characters that a part of a user agent must have: `*a*` would be in every one. */
const shortestAgentPart = 4;

/**
 * A user agent as it is sent, with its case. `*` at the start or the end stands for any text there; a star that is part
 * of the text itself is written `\*` at those places.
 */
export function normaliseUserAgent(text: string): Normalised {
  const value = text.trim();
  if (value === '' || value.length > 1024) return 'is no user agent';
  const pattern = agentPattern(value);
  if (pattern.part.length < shortestAgentPart && (pattern.anyBefore || pattern.anyAfter)) {
    return 'is a user agent part too short to mean anything';
  }
  return normalValue('user-agent', value);
}

/** True when a value must be tried as a pattern, because its ends have a meaning of their own. */
export function isPartialAgent(value: string): boolean {
  return value.startsWith('*') || value.startsWith(String.raw`\*`) || value.endsWith('*');
}

export interface AgentPattern {
  readonly part: string;
  readonly anyBefore: boolean;
  readonly anyAfter: boolean;
}

export function agentPattern(value: string): AgentPattern {
  const anyBefore = value.startsWith('*');
  const anyAfter = value.length > 1 && value.endsWith('*') && !value.endsWith(String.raw`\*`);
  const part = value.slice(anyBefore ? 1 : 0, anyAfter ? -1 : undefined);
  return { part: part.replace(/^\\\*/, '*').replace(/\\\*$/, '*'), anyBefore, anyAfter };
}
