import type { Source } from '../../src/collect/source.ts';

/** The entries of a registry as a list of the contract's type, whatever the registry holds at the moment. */
export function asList(registry: Readonly<Record<string, unknown>>): readonly Source[] {
  return Object.values(registry) as Source[];
}
