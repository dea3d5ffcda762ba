import type { Source } from '../collect/source.ts';
import { sources } from '../collect/sources/registry.generated.ts';

const allSources: readonly Source[] = Object.values(sources);

export function sourceById(id: string): Source | undefined {
  return allSources.find((source) => source.id === id);
}

/** The source that is surest of a content. */
export function findSource(name: string, head: Uint8Array): Source | undefined {
  let best: Source | undefined;
  let bestRank = 0;
  for (const source of allSources) {
    const detection = source.detect(name, head);
    const rank = detection === undefined ? 0 : ranks[detection];
    if (rank <= bestRank) continue;
    best = source;
    bestRank = rank;
    if (detection === 'certain') break;
  }
  return best;
}

const ranks = { possible: 1, likely: 2, certain: 3 } as const;
