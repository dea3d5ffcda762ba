import { parse } from 'smol-toml';
import { asObject } from './json.ts';

/** Keys of a TOML document. Throws when it is none. */
export function parseToml(text: string): Readonly<Record<string, unknown>> {
  return asObject(parse(text));
}
