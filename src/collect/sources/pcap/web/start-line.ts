import { asciiText, wireText } from '../wire/text.ts';

export interface RequestLine {
  readonly method: string;
  /** The target with its percent escapes undone, as Zeek logs it. */
  readonly target: string;
}

export interface StatusLine {
  readonly version: string;
  readonly code: number;
  readonly reason: string;
}

/** Longest start line that is looked at; the target is cut there. */
const maxLineBytes = 65_536;

/** `GET /path HTTP/1.1`. The target may hold blanks, which some clients send. Undefined for anything else, HTTP/0.9 and HTTP/2 included. */
export function parseRequestLine(line: Uint8Array): RequestLine | undefined {
  const text = asciiText(line, 0, maxLineBytes).trimEnd();
  const method = /^[A-Za-z][A-Za-z_-]{1,31}(?= )/.exec(text)?.[0];
  const version = text.lastIndexOf(' HTTP/1.');
  if (method === undefined || version < method.length || version + 9 !== text.length) return undefined;
  return { method, target: unescapeTarget(text.slice(method.length, version).trim()) };
}

/** `HTTP/1.1 200 OK`; the reason may be missing. */
export function parseStatusLine(line: Uint8Array): StatusLine | undefined {
  const text = wireText(line.subarray(0, maxLineBytes));
  const groups = /^HTTP\/(?<version>\d\.\d) +(?<code>\d{3})(?: +(?<reason>.*))?\s*$/.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { version = '', code = '', reason = '' } = groups;
  return { version, code: Number(code), reason };
}

/** One character a byte in, text out: `%41` becomes `A`, whatever byte it is; a `%` without two digits stays. */
function unescapeTarget(target: string): string {
  const bytes = target.includes('%')
    ? target.replace(/%(?<code>[0-9a-fA-F]{2})/g, (_all, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : target;
  return wireText(Buffer.from(bytes, 'latin1'));
}
