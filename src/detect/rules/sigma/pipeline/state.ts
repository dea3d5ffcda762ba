import type { DetectionItem } from '../model.ts';

/** What a pipeline knows while it goes over one rule. */
export interface PipelineState {
  /** Ids of the items that were applied to the rule. */
  readonly applied: Set<string>;
  /** Ids of the items that made a detection item what it is. */
  readonly appliedTo: WeakMap<DetectionItem, ReadonlySet<string>>;
  readonly values: Map<string, string>;
  /** Names that steps gave to fields. */
  readonly mapped: Set<string>;
}

export function newState(): PipelineState {
  return { applied: new Set(), appliedTo: new WeakMap(), values: new Map(), mapped: new Set() };
}
