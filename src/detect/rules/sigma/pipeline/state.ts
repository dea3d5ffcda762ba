/** What a pipeline knows while it goes over one rule. */
export interface PipelineState {
  /** Ids of the items that were applied. */
  readonly applied: Set<string>;
  readonly values: Map<string, string>;
}
