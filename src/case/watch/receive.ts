import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { isToolName, linesOf, ReceivedFiles } from './received-files.ts';
import { listenOnPath } from './receive-on-path.ts';

/** An address of the network, or a socket file. */
export type ListenPlace = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ReceiveOptions {
  readonly place: ListenPlace;
  /** Where what was received is written: a file for each tool and day. */
  readonly folder: string;
  /** Asked for as a bearer token; needed on anything but loopback. */
  readonly token: string | undefined;
  /** Milliseconds since 1970, for the day in the file's name. */
  readonly nowMs: () => number;
  /** The text of `GET /metrics`. */
  readonly metrics: () => string;
}

/** What listens. */
export interface Listening {
  /** For people: `port 2801`, or the path of the socket. */
  readonly at: string;
  /** 0 for a socket file. */
  readonly port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Takes JSON that other tools post (Falco's `http_output`, Falcosidekick, Tetragon, any): `POST /NAME`, one object or one a line, `/` is `/falco`.
 * Each line is written down before it is acknowledged, and is evidence like any log from then on. `GET /metrics` and `GET /healthz` are
 * for those who watch the watch. A socket file takes bare lines too: `tool | nc -U PATH`.
 */
export async function receive(options: ReceiveOptions): Promise<Listening> {
  const { place } = options;
  const files = new ReceivedFiles(options.folder, options.nowMs);
  const server = createServer((request, response) => void handle(request, response, options, files));
  server.requestTimeout = 30_000;
  server.maxHeadersCount = 50;
  if ('path' in place) {
    const close = await listenOnPath(place.path, server, files);
    return { at: place.path, port: 0, close };
  }
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(place.port, place.host, done);
  });
  const { port } = server.address() as AddressInfo;
  return { at: `port ${port}`, port, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiveOptions,
  files: ReceivedFiles,
): Promise<void> {
  try {
    const [status, text] = await answer(request, options, files);
    // The rest of a body that is too long is not read: the connection cannot be used again.
    const connection = status === 413 ? { connection: 'close' } : {};
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...connection }).end(text);
  } catch {
    response.destroy();
  }
}

async function answer(
  request: IncomingMessage,
  options: ReceiveOptions,
  files: ReceivedFiles,
): Promise<[number, string]> {
  const { token } = options;
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method === 'GET' && path === '/healthz') return [200, 'ok\n'];
  const isKnown = token === undefined || isSame(request.headers.authorization ?? '', `Bearer ${token}`);
  if (!isKnown) return [401, 'a token is needed\n'];
  if (request.method === 'GET' && path === '/metrics') return [200, options.metrics()];
  // Pages in a browser on this machine can post to loopback too, and always say where they come from.
  if (request.headers.origin !== undefined) return [403, 'pages may not post here\n'];
  if (request.method !== 'POST') return [405, 'POST /NAME, GET /metrics or GET /healthz\n'];
  const name = path === '/' ? 'falco' : path.slice(1);
  if (!isToolName(name)) return [404, 'the path names a tool: /falco\n'];
  const body = await bodyOf(request);
  if (body === undefined) return [413, `more than ${maxBodyBytes} bytes\n`];
  const lines = linesOf(body);
  if (lines === undefined) return [400, 'one JSON object, or one a line\n'];
  return files.write(name, lines) ? [200, 'ok\n'] : [507, 'the bound for today is reached, or the disk is full\n'];
}

/** In time that does not depend on where they differ. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBodyBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
