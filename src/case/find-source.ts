import type { Source } from '../collect/source.ts';
import { sources } from '../collect/sources/registry.generated.ts';

const allSources: readonly Source[] = Object.values(sources);

/** `mapped` are sources of mapping files. */
export function sourceById(id: string, mapped: readonly Source[] = []): Source | undefined {
  return [...mapped, ...allSources].find((source) => source.id === id);
}

/** The source that is surest of a content; those of mapping files are asked first. */
export function findSource(name: string, head: Uint8Array, mapped: readonly Source[] = []): Source | undefined {
  let best: Source | undefined;
  let bestRank = 0;
  const plain = withoutMark(head);
  for (const source of [...mapped, ...allSources]) {
    const detection = source.detect(name, plain);
    const rank = detection === undefined ? 0 : ranks[detection];
    if (rank <= bestRank) continue;
    best = source;
    bestRank = rank;
    if (detection === 'certain') break;
  }
  return best;
}

/** Programs of Windows put a byte order mark before UTF-8; no source needs it to know its format. */
function withoutMark(head: Uint8Array): Uint8Array {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
}

const ranks = { possible: 1, likely: 2, certain: 3 } as const;
