import type { KeyObject } from 'node:crypto';
import { compileForeignPattern } from '../../../src/base/regex.ts';
import { parseIsoMicros } from '../../../src/base/time.ts';
import type { SignatureCheck, SignatureVerdict, Trust } from '../../../src/inspect/image/signature-scheme.ts';

/** Nothing is trusted; expiry is judged as of June 2026. */
export const noTrust: Trust = {
  keys: [],
  logKeys: [],
  trustStore: new Map(),
  at: parseIsoMicros('2026-06-01T00:00:00Z') ?? 0,
};

export function withKeys(...keys: readonly KeyObject[]): Trust {
  return { ...noTrust, keys: keys.map((key, index) => ({ name: `key ${index}`, key })) };
}

export function identity(text: string, issuer?: string): NonNullable<Trust['identity']> {
  const pattern = compileForeignPattern(text, { isWhole: true });
  if ('fault' in pattern) throw new Error(pattern.fault);
  return { pattern, text, ...(issuer === undefined ? {} : { issuer }) };
}

/** State of each check by its name. */
export function statesOf(verdict: SignatureVerdict | undefined): Record<string, SignatureCheck['state']> {
  return Object.fromEntries((verdict?.checks ?? []).map(({ name, state }) => [name, state]));
}

/** Detail of one check. */
export function detailOf(verdict: SignatureVerdict | undefined, check: string): string | undefined {
  return verdict?.checks.find(({ name }) => name === check)?.detail;
}

/** The bytes with one bit of one byte changed. */
export function flipBit(bytes: Buffer, at: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
  return copy;
}
