import { createRng, type Rng } from '../base/rng.ts';
import type { StepId } from '../intrusion/steps.ts';
import type { Evidence } from './evidence.ts';

/** Fixed: the committed samples are this seed's. */
export const sampleSeed = 'fjord-2026-03-10';

/** What one behaviour works with. Its draws and ids depend on its name only, so that no behaviour disturbs another. */
export interface Scene {
  readonly name: string;
  readonly rng: Rng;
  readonly evidence: Evidence;
  /** Set while a step of the intrusion is played. */
  readonly step: StepId | undefined;
  /** A key that no other thing of the day has. */
  nextKey(): string;
}

export function createScene(name: string, evidence: Evidence, step?: StepId, seed = sampleSeed): Scene {
  let count = 0;
  return {
    name,
    rng: createRng(`${seed} ${name}`),
    evidence,
    step,
    nextKey: () => `${seed} ${name} ${count++}`,
  };
}
