import {
  Composer,
  Document,
  LineCounter,
  Parser,
  YAMLParseError,
  type CST,
  type DocumentOptions,
  type ErrorCode,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';

/**
 * The one door to the YAML library for texts that others wrote. It takes some microseconds and a kilobyte for each token, and a kilobyte
 * for each error, of which hostile text has one in two bytes. So a text that is nested deep or has far more tokens than any real
 * one of its length is not read to its end, and a document ends with its first error.
 */
export type YamlOptions = Pick<ParseOptions, 'lineCounter' | 'uniqueKeys'> &
  Pick<DocumentOptions & SchemaOptions, 'version' | 'merge'>;

/** Message of the error of a text that was not parsed for its depth. */
export const tooDeep = 'nested too deep';

/** Brackets that are open at once, and marks of lists at the beginning of a line. Of the parser each takes half a kilobyte. */
const maxOpen = 10_000;
/** Short lists of numbers may have a token in each byte and a half. 150,000 tokens take half a second. */
const freeTokens = 150_000;
/** Past those, at each place of a text: the densest real text, Alpine's lists of security fixes, has a token in 3.3 bytes, lock files in 4 to 5, rules in 7. */
const bytesPerToken = 3;
/** Documents, ends and directives between them. The manifests of a large cluster have some thousands. */
const maxParts = 20_000;

/** All documents of a text. One with an error has the first one only, and perhaps no contents; after too many tokens no more follow. */
export function parseYamlStream(text: string, options: YamlOptions): Document.Parsed[] {
  const deep = offsetOfDeep(text);
  if (deep !== undefined) {
    countLines(text, deep, options.lineCounter);
    return [stopped(new YAMLParseError([deep, deep + 1], 'RESOURCE_EXHAUSTION', tooDeep))];
  }
  return new StreamReader(text, options).read();
}

/** The only document of a text; where another follows, that is its error. Messages of errors say line and column. */
export function parseYaml(text: string, options: YamlOptions = {}): Document.Parsed {
  const lineCounter = options.lineCounter ?? new LineCounter();
  const [document, second] = parseYamlStream(text, { ...options, lineCounter });
  if (document === undefined) return new Document(null) as unknown as Document.Parsed;
  if (second !== undefined) {
    const at = second.range?.[0] ?? 0;
    document.errors.push(new YAMLParseError([at, at + 1], 'MULTIPLE_DOCS', 'there is more than one document in it'));
  }
  for (const error of document.errors) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    error.message += ` at line ${line}, column ${col}`;
  }
  return document;
}

/** What `parseYaml` gives as plain values, without aliases. Throws the first error. */
export function yamlValue(text: string): unknown {
  const document = parseYaml(text);
  if (document.errors[0] !== undefined) throw document.errors[0];
  return document.toJS({ maxAliasCount: 0 });
}

/** Thrown through the composer, which would collect errors without end. */
class StopError extends Error {
  readonly error: YAMLParseError;

  constructor(error: YAMLParseError) {
    super(error.message);
    this.error = error;
  }
}

class StreamReader {
  readonly #text: string;
  readonly #options: YamlOptions;
  readonly #documents: Document.Parsed[] = [];
  #composer: Composer;
  #parts = 0;
  /** Errors between documents: one is kept. */
  #hasLooseError = false;

  constructor(text: string, options: YamlOptions) {
    this.#text = text;
    this.#options = options;
    this.#composer = this.#newComposer();
  }

  read(): Document.Parsed[] {
    const parser = new BoundedParser(this.#options.lineCounter?.addNewLine);
    try {
      for (const token of parser.parse(this.#text)) this.#take(token);
    } catch (stop) {
      this.#stop(stop);
    }
    this.#documents.push(...this.#composer.end());
    return this.#documents;
  }

  #take(token: CST.Token): void {
    // No one asks for directives and comments before a document but the composer, which keeps them.
    if (token.type === 'comment' || token.type === 'newline') return;
    this.#parts++;
    if (this.#parts > maxParts) {
      const at = 'offset' in token ? token.offset : 0;
      const message = `more than ${maxParts} documents`;
      throw new StopError(new YAMLParseError([at, at + 1], 'RESOURCE_EXHAUSTION', message));
    }
    if (token.type === 'document') this.#hasLooseError = false;
    if (token.type === 'error') {
      if (this.#hasLooseError) return;
      this.#hasLooseError = true;
    }
    try {
      this.#documents.push(...this.#composer.next(token));
    } catch (stop) {
      this.#stop(stop);
    }
  }

  /** What was whole before is a document; the one that is broken is one with its error. */
  #stop(stop: unknown): void {
    if (!(stop instanceof StopError)) throw stop;
    this.#documents.push(...this.#composer.end(), stopped(stop.error));
    this.#composer = this.#newComposer();
  }

  #newComposer(): Composer {
    const composer = new Composer({ ...this.#options, prettyErrors: false, logLevel: 'silent' });
    // Each collection around an error catches it and tells it again as its own.
    let stop: StopError | undefined;
    const onError = (source: ErrorSource, code: ErrorCode, message: string, isWarning?: boolean): void => {
      if (isWarning === true) return;
      stop ??= new StopError(new YAMLParseError(placeOf(source), code, message));
      throw stop;
    };
    return Object.assign(composer, { onError });
  }
}

type ErrorSource = number | readonly [number, number] | { readonly offset: number; readonly source?: string };

function placeOf(source: ErrorSource): [number, number] {
  if (typeof source === 'number') return [source, source + 1];
  if ('offset' in source) return [source.offset, source.offset + (source.source?.length ?? 1)];
  return [source[0], source[1]];
}

/** A document of which nothing is known but why. */
function stopped(error: YAMLParseError): Document.Parsed {
  const document = new Document(null) as unknown as Document.Parsed;
  document.errors.push(error);
  return document;
}

class BoundedParser extends Parser {
  #tokens = 0;
  #at = 0;

  override next(source: string): Generator<CST.Token, void> {
    this.#tokens++;
    if (this.#tokens > freeTokens + this.#at / bytesPerToken) {
      const message = 'far more marks and values than a text of this length has';
      throw new StopError(new YAMLParseError([this.#at, this.#at + 1], 'RESOURCE_EXHAUSTION', message));
    }
    this.#at += source.length;
    return super.next(source);
  }
}

function countLines(text: string, until: number, lines: LineCounter | undefined): void {
  if (lines === undefined) return;
  for (let at = 0; at !== -1 && at <= until;) {
    lines.addNewLine(at);
    const newline = text.indexOf('\n', at);
    at = newline === -1 ? -1 : newline + 1;
  }
}

/**
 * Where a text is nested so deep that it must not be parsed. Brackets in texts count too, so that the bound is far above that of the walk:
 * no script or pattern leaves ten thousand open.
 */
function offsetOfDeep(text: string): number | undefined {
  let open = 0;
  let marks = 0;
  // What stands before it in its line is nothing but marks and blanks.
  let isLead = true;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') {
      marks = 0;
      isLead = true;
    } else if (isLead && (char === '-' || char === '?')) marks++;
    else if (char !== ' ') isLead = false;
    if (char === '[' || char === '{') open++;
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    if (open > maxOpen || marks > maxOpen) return at;
  }
  return undefined;
}
