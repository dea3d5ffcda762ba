import type { SigmaError } from './error.ts';
import type { Reference, SigmaCorrelation, SigmaDocument, SigmaFilter, SigmaRule } from './model.ts';

/** A rule or correlation that can be used, and where it stands. */
export interface Loaded<D extends SigmaRule | SigmaCorrelation = SigmaRule | SigmaCorrelation> {
  readonly document: D;
  readonly path: string;
}

/** A fault with the file and rule that it is about. */
export interface LoadedFault {
  readonly severity: 'error' | 'warning';
  readonly error: SigmaError;
  readonly path: string;
  readonly title: string | undefined;
}

/** A filter and where it stands. */
export interface LoadedFilter {
  readonly document: SigmaFilter;
  readonly path: string;
}

/** Whether a reference means this document: by id, or by name. */
export function isReferredTo(reference: Reference, document: SigmaDocument): boolean {
  return reference.to.toLowerCase() === document.id || reference.to === document.name;
}
