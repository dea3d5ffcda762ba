import type { Scene } from '../../samples/model/scene.ts';

/** Something that does not belong into the week, and what must be said of it first. */
export interface Planted {
  readonly play: (scene: Scene) => void;
  /** Detectors of which one must tell it. */
  readonly detectors: readonly string[];
  /** Values of entities that its incident must name. */
  readonly entities: readonly string[];
}
