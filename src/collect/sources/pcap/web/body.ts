import type { AnalyzerContext, FileFacts, FileSink } from '../analyzer.ts';
import { EntityReader } from '../mime/entity-reader.ts';
import { fileNameIn, headerValue, headerValues, parseParameters, type Header } from '../mime/headers.ts';
import { ContentDecoder } from './content-decoding.ts';
import type { OpenDecoders } from './open-decoders.ts';
import { isTunnelledRtsp } from './rtsp.ts';

/** Files of one message that its event lists (Zeek's `max_files_orig`, `max_files_resp`). */
const maxFiles = 15;

/** What is known of a body before it comes. */
export interface BodyFacts {
  readonly isOrig: boolean;
  readonly headers: readonly Header[];
  readonly urlDomain: string | undefined;
  readonly url: string | undefined;
  /** Size of the whole file, where it is told. */
  readonly size: number | undefined;
  /** Opens the file of which the body is one range; undefined when it is no range. */
  readonly openRange: OpenRange | undefined;
  /** The same for a part of a body of several ranges (RFC 9110, 14.6), with the size of the whole file. */
  readonly rangeOfPart?: (
    headers: readonly Header[],
  ) => { readonly open: OpenRange; readonly size: number | undefined } | undefined;
}

export type OpenRange = (facts: FileFacts) => FileSink;

/** The body of one message: counted after its content coding is undone, and handed on as the files that it holds. */
export class Body {
  readonly #context: AnalyzerContext;
  readonly #facts: BodyFacts;
  readonly #decoder: ContentDecoder;
  readonly #parts: EntityReader | undefined;
  readonly #files: FileSink[] = [];
  readonly #names: string[] = [];
  #file: FileSink | undefined;
  /** Decoded bytes so far, with those that are missing. */
  length = 0;

  constructor(context: AnalyzerContext, decoders: OpenDecoders, facts: BodyFacts) {
    this.#context = context;
    this.#facts = facts;
    this.#decoder = new ContentDecoder(headerValues(facts.headers, 'CONTENT-ENCODING'), decoders, {
      bytes: (bytes) => this.#content(bytes),
      dropped: (why) => this.#dropped(why),
    });
    const type = parseParameters(headerValue(facts.headers, 'CONTENT-TYPE') ?? '');
    if (type.value.startsWith('multipart/') && type.parameters.has('boundary')) {
      this.#parts = new EntityReader((headers, depth, isLeaf) => this.#part(headers, depth, isLeaf), facts.headers);
    }
  }

  data(bytes: Uint8Array): void {
    this.#decoder.data(bytes);
  }

  gap(length: number): void {
    this.#decoder.gap();
    this.length += length;
    this.#file?.gap(length);
  }

  end(): void {
    this.#decoder.end();
    this.#parts?.end();
    this.#file?.end();
    this.#file = undefined;
  }

  get fileUids(): string[] {
    return this.#files.map(({ uid }) => uid);
  }

  /** Names of those files that have one, in order. */
  get fileNames(): readonly string[] {
    return this.#names;
  }

  get mimeTypes(): string[] {
    return this.#files.map(({ mimeType }) => mimeType).filter((type) => type !== null);
  }

  #dropped(why: string): void {
    this.#context.problem('limit-reached', why);
    // How much is missing is not known.
    this.#file?.gap(1);
  }

  #content(bytes: Uint8Array): void {
    const { isOrig, headers } = this.#facts;
    if (this.length === 0 && isTunnelledRtsp(isOrig, headers, bytes)) this.#context.confirm('rtsp');
    this.length += bytes.length;
    if (this.#parts !== undefined) {
      this.#parts.data(bytes);
      return;
    }
    this.#file ??= this.#openWhole();
    this.#file.data(bytes);
  }

  /** Places in a range are those of the coded file: ranges of it are put together only where no coding is undone. */
  #openWhole(): FileSink {
    const { headers, size, openRange } = this.#facts;
    const name = fileNameIn(headers);
    return this.#decoder.isIdentity ? this.#open(name, size, openRange) : this.#open(name, undefined);
  }

  #open(name: string | undefined, size: number | undefined, openRange?: OpenRange): FileSink {
    const { isOrig, urlDomain, url } = this.#facts;
    const facts: FileFacts = {
      isOrig,
      depth: 0,
      ...(name === undefined ? {} : { name }),
      ...(size === undefined ? {} : { size }),
      ...(urlDomain === undefined ? {} : { urlDomain }),
      ...(url === undefined ? {} : { url }),
    };
    const file = openRange?.(facts) ?? this.#context.openFile(facts);
    // Several ranges can be of one file.
    if (this.#files.length < maxFiles && this.#files.every(({ uid }) => uid !== file.uid)) {
      this.#files.push(file);
      if (name !== undefined) this.#names.push(name);
    }
    return file;
  }

  /** A part of a multipart body. Its file begins with its first byte. */
  #part(headers: readonly Header[], _depth: number, isLeaf: boolean): PartSink | undefined {
    if (!isLeaf) return undefined;
    const range = this.#facts.rangeOfPart?.(headers);
    return new PartSink(() => this.#open(fileNameIn(headers), range?.size, range?.open));
  }
}

class PartSink {
  readonly #open: () => FileSink;
  #file: FileSink | undefined;

  constructor(open: () => FileSink) {
    this.#open = open;
  }

  data(bytes: Uint8Array): void {
    this.#file ??= this.#open();
    this.#file.data(bytes);
  }

  end(): void {
    this.#file?.end();
    this.#file = undefined;
  }
}
