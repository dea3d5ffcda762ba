/** Codes a caller may branch on; the text is for people. Each is explained in `docs/reference/errors.md`. */
export const errorCodes = {
  USAGE: 'The command line could not be understood.',
  CONFIG: 'A configuration file or setting is not valid.',
  NOT_FOUND: 'A file, folder, case or plug-in that was named does not exist.',
  EVIDENCE_READ: 'Evidence could not be opened or read at all.',
  EVIDENCE_LIMIT: 'Evidence goes past a bound that protects this machine (size, depth, ratio, count).',
  STORE_LOCKED: 'Another process owns the case and does not answer on its socket.',
  STORE_CORRUPT: 'The case cannot be opened: its files do not belong together or are damaged.',
  STORE_QUERY: 'The store refused or failed a query.',
  QUERY_REFUSED: 'The SQL is not a single read-only statement.',
  QUERY_LIMIT: 'A query went past its time or memory bound, or was cancelled.',
  OUTPUT: 'A result could not be written.',
  BASELINE: 'A baseline cannot be trusted: it was changed after it was signed, or signed with another key.',
  INTERNAL: 'A bug in Vakthund.',
} as const;
export type VakthundErrorCode = keyof typeof errorCodes;

/** Where in an input something lies. `line` counts from 1, `byte` from 0. */
export interface Location {
  readonly path?: string;
  readonly line?: number;
  readonly byte?: number;
}

/** A failed operation: one error type, told apart by `code`, with the place and the cause. */
export class VakthundError extends Error {
  override readonly name: string = 'VakthundError';
  readonly code: VakthundErrorCode;
  readonly at: Location | undefined;
  readonly hint: string | undefined;

  constructor(
    code: VakthundErrorCode,
    message: string,
    options: { at?: Location; cause?: unknown; hint?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.at = options.at;
    this.hint = options.hint;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `path:line`, `path@byte`, or as much of it as is known. */
export function formatLocation(at: Location): string {
  const path = at.path ?? '';
  if (at.line !== undefined) return `${path}:${at.line}`;
  return at.byte === undefined ? path : `${path}@${at.byte}`;
}
