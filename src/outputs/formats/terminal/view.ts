import type { Colors } from '../../paint-severity.ts';

/** What every section needs to draw itself. */
export interface View {
  readonly width: number;
  readonly showAll: boolean;
  readonly colors: Colors;
}
