import { nearest } from '../../base/nearest.ts';
import type { YamlMap, YamlNode, YamlPlace } from '../../base/yaml-tree.ts';

/** Takes what is wrong, with its place; gives nothing, so that a reader can end with it. */
export type Fault = (at: YamlPlace, message: string) => undefined;

export function unknownKeys(map: YamlMap, known: readonly string[], fault: Fault): void {
  for (const { key, keyAt } of map.entries.values()) {
    if (!known.includes(key)) fault(keyAt, `there is no "${key}" here${didYouMean(key, known)}`);
  }
}

/** Candidates that are all named when none is near. */
const fewCandidates = 30;

/** The end of a sentence about a word that is unknown: the nearest one that is known, or all when they are few. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates) ?? candidates.find((candidate) => candidate.endsWith(`_${word}`));
  if (near !== undefined) return `; did you mean "${near}"?`;
  return candidates.length > fewCandidates ? '' : `; known are ${candidates.join(', ')}`;
}

/** A scalar as it is written; undefined for everything else. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.source : undefined;
}
