import { visibleJson } from './visible-text.ts';

/** JSON of one line. Lone surrogates become U+FFFD, as strict readers refuse them; what a terminal would act on is escaped. */
export function safeJson(value: unknown): string {
  return visibleJson(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.toWellFormed() : inner)),
  );
}
