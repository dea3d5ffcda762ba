import type { InspectionOptions } from '../../print-inspection.ts';

export interface InspectOptions extends InspectionOptions {
  readonly root?: string;
  readonly image?: string;
  readonly bundle?: string;
  readonly platform?: string;
  readonly only?: readonly string[];
}
