import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';

const maxMessageBytes = 64 * 1024 * 1024;
const windowBytes = 4 * 1024 * 1024;
const prefixBytes = 5;
const answerTimeoutMs = 10_000;

/** Codes of an answer that is no success (gRPC, "Status codes"). */
export const grpcNotFound = 5;

/** What a service answered in place of messages. */
export class GrpcRefusal extends Error {
  readonly status: number;

  constructor(status: number, method: string, message: string) {
    super(`status ${status} for ${method}${message === '' ? '' : `: ${message}`}`);
    this.status = status;
  }
}

/** Asks services on a socket file by gRPC (HTTP/2 without TLS). One connection for each question: whoever asks need not close it. */
export class GrpcClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** The one message of an answer. Throws `GrpcRefusal`, and an `Error` for an answer that does not come or is none. */
  async ask(method: string, message: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Buffer> {
    for await (const answer of this.stream(method, message, headers)) return answer;
    throw new Error(`${method} answered without a message`);
  }

  /** All messages of an answer, as they come. */
  async *stream(
    method: string,
    message: Buffer,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const session = connect('http://localhost', {
      createConnection: () => connectSocket(this.#socketPath),
      settings: { enablePush: false, initialWindowSize: windowBytes },
    });
    try {
      session.once('connect', () => session.setLocalWindowSize(windowBytes));
      yield* answersOf(session, method, message, headers, signal);
    } finally {
      session.destroy();
    }
  }
}

async function* answersOf(
  session: ClientHttp2Session,
  method: string,
  message: Buffer,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const failed = new AbortController();
  session.on('error', (error) => failed.abort(error));
  const stream = session.request(
    {
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: `/${method}`,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
      ...headers,
    },
    { signal: AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]) },
  );
  stream.setTimeout(answerTimeoutMs, () => stream.destroy(new Error('no answer within ten seconds')));
  const state: { last: IncomingHttpHeaders } = { last: {} };
  stream.once('response', (answer) => (state.last = answer));
  stream.once('trailers', (trailers) => (state.last = trailers));
  stream.end(framed(message));
  try {
    yield* messagesOf(stream);
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error;
  }
  const status = Number(state.last['grpc-status'] ?? Number.NaN);
  if (status === 0) return;
  if (Number.isNaN(status)) throw new Error('the connection was closed without an answer');
  const said = String(state.last['grpc-message'] ?? '').slice(0, 500);
  throw new GrpcRefusal(status, method, said);
}

/** A byte for compression, which is never asked for, and the length before each message. */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

async function* messagesOf(stream: ClientHttp2Stream): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  let needed = prefixBytes;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    held += part.length;
    while (held >= needed) {
      const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      const length = bytes.readUInt32BE(1);
      if (bytes[0] !== 0) throw new Error('the answer is compressed, which was not asked for');
      if (length > maxMessageBytes) throw new Error(`a message of ${length} bytes`);
      const end = prefixBytes + length;
      parts = [bytes];
      needed = end;
      if (held < end) break;
      yield bytes.subarray(prefixBytes, end);
      parts = [bytes.subarray(end)];
      held -= end;
      needed = prefixBytes;
    }
  }
  if (held > 0) throw new Error('the answer is cut');
}
