import type { Source } from '../collect/source.ts';
import { sources } from '../collect/sources/registry.generated.ts';

const allSources: readonly Source[] = Object.values(sources);

export function sourceById(id: string): Source | undefined {
  return allSources.find((source) => source.id === id);
}

/** The source that is surest of a content. */
export function findSource(name: string, head: Uint8Array): Source | undefined {
  const certain = allSources.find((source) => source.detect(name, head) === 'certain');
  return certain ?? allSources.find((source) => source.detect(name, head) === 'likely');
}
