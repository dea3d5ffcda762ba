import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { headerValue, type Header } from '../../mime/headers.ts';
import { logRecord } from '../../log-record.ts';
import type { Framing } from '../../web/framing.ts';
import { MessageStream, type MessageHandler } from './message-stream.ts';
import { WebState } from '../../web/web-state.ts';
import { recognizeHttp } from './recognize.ts';
import { parseRequestLine, parseStatusLine } from '../../web/start-line.ts';
import { httpPorts, Transaction } from '../../web/transaction.ts';
import { websocketRecord } from '../../web/websocket.ts';

/** Requests of one connection that wait for their answer (Zeek's `max_pending_requests`). */
const maxPending = 100;

const lineEnd = Buffer.from('\r\n');

export const analyzer = defineAnalyzer({
  id: 'http',
  title: 'HTTP/1',
  description:
    'HTTP 1.0 and 1.1: pipelined requests, chunked and compressed bodies (gzip, deflate, brotli, zstd), ranges, which are joined to one file, multipart bodies, CONNECT and upgrades, behind which ' +
    'the inner protocol is looked for. Sizes are those after decompression, targets have their percent escapes undone, as in Zeek. HTTP 0.9 is not read.',
  references: ['RFC 9112', 'RFC 9110', 'RFC 1952', 'RFC 2046'],
  emits: ['http', 'log'],
  service: 'http',
  transports: ['tcp'],
  ports: httpPorts,
  // Downloaders fetch the ranges of one file over several connections.
  spread: 'pairs',
  recognize: recognizeHttp,
  start: (capture) => {
    const state = new WebState();
    return {
      attach: (context) => new HttpConnection(context, state),
      tick: () => state.tick(capture.clock.time),
      finish: () => state.finish(),
    };
  },
});

class HttpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #state: WebState;
  readonly #requests: MessageStream;
  readonly #responses: MessageStream;
  /** Requests in order; the first one is answered next. */
  #pending: Transaction[] = [];
  /** The request whose body is coming. */
  #sending: Transaction | undefined;
  /** The transaction whose answer is coming. */
  #answering: Transaction | undefined;
  #depth = 0;
  #inner: ConnectionAnalyzer | undefined;
  #isTunnel = false;
  #isClosed = false;

  constructor(context: AnalyzerContext, state: WebState) {
    this.#context = context;
    this.#state = state;
    this.#requests = new MessageStream(this.#requestHandler());
    this.#responses = new MessageStream(this.#responseHandler());
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isClosed) return;
    (isOrig ? this.#requests : this.#responses).data(bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#isTunnel) this.#inner?.gap?.(isOrig, length);
    else (isOrig ? this.#requests : this.#responses).gap(length);
  }

  endOfStream(isOrig: boolean): void {
    if (this.#isTunnel) this.#inner?.endOfStream?.(isOrig);
    else (isOrig ? this.#requests : this.#responses).end();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#requests.end();
    this.#responses.end();
    this.#flush();
    this.#isClosed = true;
    this.#inner?.close?.();
  }

  #requestHandler(): MessageHandler {
    return {
      startLine: (line) => {
        const request = parseRequestLine(line);
        if (request === undefined) return false;
        this.#context.confirm();
        if (this.#pending.length > maxPending) this.#flush();
        this.#sending = this.#begin();
        this.#sending.request(request);
        return true;
      },
      headers: (headers) => this.#sending?.requestHeaders(headers) ?? { kind: 'none' },
      body: (bytes) => this.#sending?.bodyOf(true)?.data(bytes),
      bodyGap: (length) => this.#sending?.bodyOf(true)?.gap(length),
      done: () => {
        this.#sending?.endBody(true);
        this.#sending = undefined;
      },
      tunnel: (bytes) => this.#inner?.data(true, bytes),
      notHttp: () => this.#notHttp('no HTTP request line'),
    };
  }

  #responseHandler(): MessageHandler {
    return {
      startLine: (line) => {
        const status = parseStatusLine(line);
        if (status === undefined) return false;
        this.#answering = this.#pending[0] ?? this.#begin();
        this.#answering.status(status);
        return true;
      },
      headers: (headers) => this.#responseHeaders(headers),
      body: (bytes) => this.#answering?.bodyOf(false)?.data(bytes),
      bodyGap: (length) => this.#answering?.bodyOf(false)?.gap(length),
      done: () => this.#answered(),
      tunnel: (bytes) => this.#inner?.data(false, bytes),
      notHttp: (line) => this.#answeredOtherwise(line),
    };
  }

  #begin(): Transaction {
    const transaction = new Transaction(this.#context, this.#state, ++this.#depth);
    this.#pending.push(transaction);
    return transaction;
  }

  #responseHeaders(headers: readonly Header[]): Framing {
    const framing = this.#answering?.responseHeaders(headers) ?? { kind: 'none' };
    if (framing.kind === 'tunnel') this.#becomeTunnel(headers);
    return framing;
  }

  /** Behind a CONNECT any protocol may follow; behind an upgrade the one that was agreed on, of which HTTP/2 and WebSocket are read. */
  #becomeTunnel(headers: readonly Header[]): void {
    const upgrade = headerValue(headers, 'UPGRADE')?.toLowerCase();
    this.#isTunnel = true;
    this.#requests.becomeTunnel();
    if (upgrade === undefined) {
      this.#recordTunnel();
      this.#inner = this.#context.inner();
    } else if (upgrade === 'websocket') this.#becomeWebsocket(headers);
    else if (upgrade === 'h2c') this.#inner = this.#context.inner('http2');
  }

  #becomeWebsocket(headers: readonly Header[]): void {
    const transaction = this.#answering;
    if (transaction !== undefined) {
      this.#context.emit(websocketRecord(this.#context, transaction.event, transaction.websocket, headers));
    }
    this.#inner = this.#context.inner('websocket');
  }

  /** The way through a proxy, as Zeek's tunnel log tells it: without the port of the client, which is another one each time. */
  #recordTunnel(): void {
    const event = logRecord(this.#context, 'tunnel', { tunnel_type: 'Tunnel::HTTP', action: 'Tunnel::DISCOVER' });
    event.source_port = 0;
    this.#context.emit(event);
  }

  #answered(): void {
    const transaction = this.#answering;
    if (transaction === undefined || transaction.isInformational) return;
    this.#answering = undefined;
    transaction.endBody(false);
    if (transaction === this.#sending) transaction.endBody(true);
    this.#pending.shift();
    this.#context.emit(transaction.event);
  }

  /** A request was sent to a server of something else: what the server says is looked at for its own protocol. */
  #answeredOtherwise(line: Uint8Array): void {
    if (this.#depth === 0) {
      this.#notHttp('no HTTP status line');
      return;
    }
    this.#flush();
    this.#isTunnel = true;
    this.#requests.becomeTunnel();
    this.#responses.becomeTunnel();
    this.#inner = this.#context.inner();
    this.#inner?.data(false, Buffer.concat([line, lineEnd]));
  }

  #notHttp(reason: string): void {
    this.#flush();
    this.#isClosed = true;
    this.#context.violation(reason);
  }

  /** Emits what waits for an answer. */
  #flush(): void {
    for (const transaction of this.#pending) {
      transaction.endBody(true);
      transaction.endBody(false);
      this.#context.emit(transaction.event);
    }
    this.#pending = [];
    this.#sending = undefined;
    this.#answering = undefined;
  }
}
