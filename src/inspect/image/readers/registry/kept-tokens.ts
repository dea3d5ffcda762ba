import { createHash } from 'node:crypto';
import type { Credentials } from './credentials.ts';

/** A registry that says nothing of it means a minute (distribution, token authentication). */
const defaultLifeSeconds = 60;
const longestLifeSeconds = 3600;
/** The clock of the registry may be ahead, and an answer takes its time. */
const marginSeconds = 10;
const maxTokens = 1000;

interface Kept {
  readonly token: string;
  /** Milliseconds of the clock that never goes back. */
  readonly untilMs: number;
}

const kept = new Map<string, Kept>();

/** What a token is for and whom it was given to; credentials are in it by their digest alone. */
export function tokenKey(realm: string, service: string, scope: string, credentials: Credentials | undefined): string {
  const who = createHash('sha256')
    .update(JSON.stringify(credentials ?? ''))
    .digest('base64url');
  return JSON.stringify([realm, service, scope, who]);
}

/** A token that was given before and still holds: reading one image asks a registry several times, an index thousands of times. */
export function keptToken(key: string): string | undefined {
  const found = kept.get(key);
  if (found === undefined || found.untilMs > performance.now()) return found?.token;
  kept.delete(key);
  return undefined;
}

export function keepToken(key: string, token: string, lifeSeconds: unknown): void {
  const said = typeof lifeSeconds === 'number' && lifeSeconds > 0 ? lifeSeconds : defaultLifeSeconds;
  const life = Math.min(said, longestLifeSeconds) - marginSeconds;
  if (life <= 0) return;
  if (kept.size >= maxTokens) kept.clear();
  kept.set(key, { token, untilMs: performance.now() + life * 1000 });
}

export function forgetToken(key: string): void {
  kept.delete(key);
}
