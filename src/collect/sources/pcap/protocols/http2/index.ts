import {
  defineAnalyzer,
  maxHeldBytes,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { WebState } from '../../web/web-state.ts';
import { asciiText } from '../../wire/text.ts';
import { frameFlag, frameType, FrameStream } from './frame-stream.ts';
import { HpackDecoder } from './hpack.ts';
import { HttpStream } from './stream.ts';

export const analyzer = defineAnalyzer({
  id: 'http2',
  title: 'HTTP/2',
  description:
    'HTTP/2 in clear, with prior knowledge or after an upgrade: requests with their answers, headers decompressed (HPACK), bodies handed on as files with their ' +
    'compression undone, ranges of one file joined, multipart bodies taken apart. Pushed streams are not read.',
  references: ['RFC 9113', 'RFC 7541'],
  emits: ['http'],
  service: 'http2',
  transports: ['tcp'],
  ports: [],
  recognize: ({ orig }: FirstBytes): Recognition => {
    const text = asciiText(orig, 0, preface.length);
    if (text === preface) return 'match';
    return preface.startsWith(text) ? 'more' : 'no';
  },
  start: (capture) => {
    const state = new WebState();
    return {
      attach: (context) => new Http2Connection(context, state),
      tick: () => state.tick(capture.clock.time),
      finish: () => state.finish(),
    };
  },
});

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** Streams of one connection that are open at the same time; servers allow 100 to 250. */
const maxStreams = 1000;

interface Side {
  readonly frames: FrameStream;
  readonly hpack: HpackDecoder;
  /** A header block that goes on in the next frame. */
  block: { readonly stream: number; readonly isEnd: boolean; readonly parts: Buffer[]; bytes: number } | undefined;
  isBroken: boolean;
}

class Http2Connection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #state: WebState;
  readonly #sides: readonly [Side, Side];
  readonly #streams = new Map<number, HttpStream>();
  #depth = 0;

  constructor(context: AnalyzerContext, state: WebState) {
    this.#context = context;
    this.#state = state;
    this.#sides = [this.#newSide(true), this.#newSide(false)];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = this.#sides[isOrig ? 0 : 1];
    if (!side.isBroken) side.frames.data(bytes);
  }

  gap(isOrig: boolean): void {
    this.#break(
      this.#sides[isOrig ? 0 : 1],
      'bytes of an HTTP/2 stream are missing; the rest of that side was not read',
    );
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.emit();
    this.#streams.clear();
  }

  #newSide(isOrig: boolean): Side {
    const handler = {
      frame: (type: number, flags: number, stream: number, payload: Uint8Array) =>
        this.#frame(isOrig, type, flags, stream, payload),
      content: (stream: number, bytes: Uint8Array, isEnd: boolean) => this.#content(isOrig, stream, bytes, isEnd),
    };
    return { frames: new FrameStream(handler, isOrig), hpack: new HpackDecoder(), block: undefined, isBroken: false };
  }

  #frame(isOrig: boolean, type: number, flags: number, stream: number, payload: Uint8Array): void {
    const side = this.#sides[isOrig ? 0 : 1];
    if (side.isBroken) return;
    if (type === frameType.headers) {
      const fragment = withoutPadding(payload, flags, (flags & frameFlag.priority) === 0 ? 0 : 5);
      side.block = { stream, isEnd: (flags & frameFlag.endStream) !== 0, parts: [], bytes: 0 };
      this.#fragment(isOrig, side, fragment, flags);
    } else if (type === frameType.continuation) {
      this.#fragment(isOrig, side, payload, flags);
    } else if (type === frameType.data) {
      this.#content(isOrig, stream, withoutPadding(payload, flags, 0), (flags & frameFlag.endStream) !== 0);
    } else if (type === frameType.reset) this.#finish(stream);
    else if (type === frameType.pushPromise) {
      // Its header block changes the table of all that follow.
      side.hpack.decode(withoutPadding(payload, flags, 4));
    }
  }

  #fragment(isOrig: boolean, side: Side, fragment: Uint8Array, flags: number): void {
    const { block } = side;
    if (block === undefined) return;
    block.bytes += fragment.length;
    if (block.bytes > maxHeldBytes) {
      this.#break(side, 'a header block of HTTP/2 is too long; the rest of that side was not read');
      return;
    }
    block.parts.push(Buffer.from(fragment));
    if ((flags & frameFlag.endHeaders) === 0) return;
    side.block = undefined;
    const fields = side.hpack.decode(Buffer.concat(block.parts));
    if (fields === undefined) {
      this.#break(side, 'a header block of HTTP/2 is damaged; the rest of that side was not read');
      return;
    }
    this.#context.confirm();
    this.#stream(block.stream)?.headers(isOrig, fields);
    if (block.isEnd) this.#end(isOrig, block.stream);
  }

  #content(isOrig: boolean, stream: number, bytes: Uint8Array, isEnd: boolean): void {
    this.#streams.get(stream)?.content(isOrig, bytes);
    if (isEnd) this.#end(isOrig, stream);
  }

  #stream(id: number): HttpStream | undefined {
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    if (this.#streams.size >= maxStreams) {
      this.#context.problem('limit-reached', 'an HTTP/2 connection has too many open streams; some were not read');
      return undefined;
    }
    const stream = new HttpStream(this.#context, this.#state, ++this.#depth);
    this.#streams.set(id, stream);
    return stream;
  }

  #end(isOrig: boolean, id: number): void {
    if (this.#streams.get(id)?.end(isOrig) === true) this.#finish(id);
  }

  #finish(id: number): void {
    this.#streams.get(id)?.emit();
    this.#streams.delete(id);
  }

  #break(side: Side, message: string): void {
    if (side.isBroken) return;
    side.isBroken = true;
    this.#context.problem('bad-record', message);
  }
}

/** Payload without the length of its padding, `skipped` bytes behind that, and the padding. */
function withoutPadding(payload: Uint8Array, flags: number, skipped: number): Uint8Array {
  const isPadded = (flags & frameFlag.padded) !== 0;
  const start = (isPadded ? 1 : 0) + skipped;
  const end = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
  return payload.subarray(Math.min(start, payload.length), Math.max(start, end));
}
