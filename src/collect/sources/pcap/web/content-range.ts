import { headerValue, type Header } from '../mime/headers.ts';

/** What `Content-Range: bytes 0-99/200` says. */
export interface ContentRange {
  readonly first: number;
  readonly length: number;
  /** Length of the whole file. */
  readonly total: number | undefined;
}

export function contentRangeOf(headers: readonly Header[]): ContentRange | undefined {
  const value = headerValue(headers, 'CONTENT-RANGE') ?? '';
  const groups = /^bytes\s+(?<first>\d{1,15})\s*-\s*(?<last>\d{1,15})\s*\/\s*(?<total>\d{1,15}|\*)/.exec(value)?.groups;
  if (groups === undefined) return undefined;
  const first = Number(groups['first']);
  const length = Number(groups['last']) - first + 1;
  if (length <= 0) return undefined;
  return { first, length, total: groups['total'] === '*' ? undefined : Number(groups['total']) };
}
