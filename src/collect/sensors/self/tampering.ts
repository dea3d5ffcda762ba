import type { Severity } from '../../../events/finding.ts';

/** Something that was done to this program. */
export interface Tampering {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path?: string;
}
