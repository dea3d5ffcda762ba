import { VakthundError, messageOf } from '../../base/errors.ts';

/** What JSON from outside holds, asked for with care: each gives a value of the type or nothing, whatever is there. */
export type Json = unknown;

/** Parses JSON of which nothing is known. Throws `EVIDENCE_READ` that names what it was. */
export function parseJson(bytes: Buffer, what: string): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch (error) {
    throw new VakthundError('EVIDENCE_READ', `the ${what} is no JSON: ${messageOf(error)}`, { cause: error });
  }
}

export function member(value: Json, key: string): Json {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, Json>)[key];
}

export function textOf(value: Json): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function sizeOf(value: Json): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list; a text by itself is a list of one. */
export function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return listOf(value).filter((item) => typeof item === 'string');
}

/** Names of an object: Docker writes sets (ports, volumes) as objects with empty values. */
export function namesOf(value: Json): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

export function recordOf(value: Json): Record<string, string> {
  const pairs = namesOf(value).map((name) => [name, member(value, name)] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'));
}
