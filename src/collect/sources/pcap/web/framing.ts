import { headerValue, type Header } from '../mime/headers.ts';

/** How the body of a message is delimited (RFC 9112, 6.3); after `tunnel` the stream is another protocol's. */
export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'until-close' | 'tunnel' }
  | { readonly kind: 'length'; readonly bytes: number };

/** What the headers say about the length of the body (RFC 9112, 6.3); undefined when nothing. */
export function framingOf(headers: readonly Header[], rangeBytes = 0): Framing | undefined {
  const coding = headerValue(headers, 'TRANSFER-ENCODING')?.toLowerCase();
  if (coding?.split(',').some((name) => name.trim() === 'chunked') === true) return { kind: 'chunked' };
  const length = headerValue(headers, 'CONTENT-LENGTH');
  if (length === undefined) return rangeBytes > 0 ? { kind: 'length', bytes: rangeBytes } : undefined;
  const digits = /^\s*(?<digits>\d{1,15})/.exec(length)?.groups?.['digits'];
  // A shorter length than the range may be meant to hide bytes: the longer one counts.
  return { kind: 'length', bytes: Math.max(digits === undefined ? 0 : Number(digits), rangeBytes) };
}
