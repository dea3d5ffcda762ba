import type { GlobalOptions } from '../../context.ts';
import type { InspectionOptions } from '../../print-inspection.ts';

export interface BaselineOptions extends GlobalOptions {
  readonly store?: string;
  readonly key?: string;
}
export interface CreateOptions extends BaselineOptions {
  readonly root?: string;
  readonly policy?: string;
}
export interface CheckOptions extends BaselineOptions, InspectionOptions {
  readonly root?: string;
  readonly full?: boolean;
  readonly head?: string;
}
export interface AcceptOptions extends BaselineOptions {
  readonly head?: string;
}
