import { wireText } from '../wire/text.ts';

export interface Header {
  /** In capitals. */
  readonly name: string;
  /** Without blanks around it; folded lines are joined by one blank. */
  readonly value: string;
}

/** Headers of one message that are kept, and lines that they may be folded to; what comes after is ignored. */
const maxHeaders = 500;
const maxLines = 2000;

/** Collects the header lines of a message (RFC 5322, 2.2; RFC 9112, 5). Lines without a colon are passed over. */
export class HeaderLines {
  readonly #maxBytes: number;
  readonly #headers: { name: string; value: string }[] = [];
  #bytes = 0;
  #lines = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds a line without its end; false when the bound is passed, and the line was ignored. */
  add(line: Uint8Array): boolean {
    this.#bytes += line.length;
    this.#lines++;
    if (this.#bytes > this.#maxBytes || this.#headers.length >= maxHeaders || this.#lines > maxLines) return false;
    const text = wireText(line);
    const last = this.#headers.at(-1);
    if (/^[ \t]/.test(text)) {
      if (last !== undefined) last.value = `${last.value} ${text.trim()}`.trim();
      return true;
    }
    const colon = text.indexOf(':');
    if (colon > 0) {
      this.#headers.push({ name: text.slice(0, colon).trim().toUpperCase(), value: text.slice(colon + 1).trim() });
    }
    return true;
  }

  take(): Header[] {
    this.#bytes = 0;
    this.#lines = 0;
    return this.#headers.splice(0);
  }
}

export function headerValue(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value;
}

/** Values of a header that is a list, joined as if they stood in one line (RFC 9110, 5.3); undefined when there is none. */
export function headerValues(headers: readonly Header[], name: string): string | undefined {
  const values = headers.filter((header) => header.name === name);
  return values.length === 0 ? undefined : values.map(({ value }) => value).join(',');
}

export interface Parameterized {
  /** What stands before the first semicolon, in lower case. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const parameter = /;\s*(?<name>[^\s=;"]{1,64})\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"?|(?<plain>[^;]*))/g;

/** A value with parameters (RFC 2045, 5.1): `multipart/mixed; boundary="x"`. Names in lower case; the first of a name counts. */
export function parseParameters(text: string): Parameterized {
  const semicolon = text.indexOf(';');
  const parameters = new Map<string, string>();
  for (const { groups } of text.slice(0, maxParameterText).matchAll(parameter)) {
    const name = (groups?.['name'] ?? '').toLowerCase();
    const value = groups?.['quoted']?.replace(/\\(?<kept>["\\])/g, '$<kept>') ?? groups?.['plain']?.trim() ?? '';
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return {
    value: text
      .slice(0, semicolon < 0 ? text.length : semicolon)
      .trim()
      .toLowerCase(),
    parameters,
  };
}

/** Text of parameters that is looked at. */
const maxParameterText = 8192;

/** The file name that the headers of an entity give (RFC 6266, RFC 2183), without folders. */
export function fileNameIn(headers: readonly Header[]): string | undefined {
  for (const [header, keys] of nameSources) {
    const value = headerValue(headers, header);
    if (value === undefined) continue;
    const { parameters } = parseParameters(`;${value}`);
    const name = keys.map((key) => parameters.get(key)).find((found) => found !== undefined);
    if (name !== undefined && name !== '') return withoutFolder(decodeExtended(name));
  }
  return undefined;
}

const nameSources = [
  ['CONTENT-DISPOSITION', ['filename*', 'filename']],
  ['CONTENT-TYPE', ['name*', 'name']],
] as const;

/** `UTF-8''na%C3%AFve` of RFC 5987 as text; anything else as it is. */
function decodeExtended(text: string): string {
  const groups = /^[\w-]{1,40}'[\w-]{0,40}'(?<encoded>.*)$/.exec(text)?.groups;
  if (groups === undefined) return text;
  const bytes = (groups['encoded'] ?? '').replace(/%(?<code>[0-9a-fA-F]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return wireText(Buffer.from(bytes, 'latin1'));
}

function withoutFolder(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}
