import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ReceiveOptions {
  readonly host: string;
  readonly port: number;
  /** Where what was received is written: a file for each path and day. */
  readonly folder: string;
  /** Asked for as a bearer token; needed on anything but loopback. */
  readonly token: string | undefined;
  /** Milliseconds since 1970, for the day in the file's name. */
  readonly nowMs: () => number;
  /** The text of `GET /metrics`. */
  readonly metrics: () => string;
}

const maxBodyBytes = 4 * 1024 * 1024;
/** Bytes a day that one path may fill the disk with. */
const maxDayBytes = 2 * 1024 ** 3;
/** Files of all paths and days: more are made by something that makes up names. */
const maxFiles = 2000;

/**
 * Takes JSON that other tools post (Falco's `http_output`, Falcosidekick, Tetragon, any): `POST /NAME`, one object or one a line, `/` is `/falco`.
 * Each line is written down before it is acknowledged, and is evidence like any log from then on. `GET /metrics` and `GET /healthz` are
 * for those who watch the watch.
 */
export async function receive(options: ReceiveOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const server = createServer((request, response) => void handle(request, response, options));
  server.requestTimeout = 30_000;
  server.maxHeadersCount = 50;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, done);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}

async function handle(request: IncomingMessage, response: ServerResponse, options: ReceiveOptions): Promise<void> {
  try {
    const [status, text] = await answer(request, options);
    // The rest of a body that is too long is not read: the connection cannot be used again.
    const connection = status === 413 ? { connection: 'close' } : {};
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...connection }).end(text);
  } catch {
    response.destroy();
  }
}

async function answer(request: IncomingMessage, options: ReceiveOptions): Promise<[number, string]> {
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
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) return [404, 'the path names a tool: /falco\n'];
  const body = await bodyOf(request);
  if (body === undefined) return [413, `more than ${maxBodyBytes} bytes\n`];
  const lines = linesOf(body);
  if (lines === undefined) return [400, 'one JSON object, or one a line\n'];
  return write(name, lines, options) ? [200, 'ok\n'] : [507, 'the bound for today is reached\n'];
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

/** Objects on one line each; undefined when something else is among them. */
function linesOf(body: string): string[] | undefined {
  const whole = objectLine(body);
  if (whole !== undefined) return [whole];
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const objects = lines.map(objectLine);
  return objects.length === 0 || objects.includes(undefined) ? undefined : (objects as string[]);
}

function objectLine(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // As it was written, where that is one line: numbers beyond 2^53 and doubled keys stay.
    const line = text.trim();
    return line.includes('\n') ? JSON.stringify(value) : line;
  } catch {
    return undefined;
  }
}

function write(name: string, lines: readonly string[], { folder, nowMs }: ReceiveOptions): boolean {
  const file = join(folder, `${name}-${new Date(nowMs()).toISOString().slice(0, 10)}.jsonl`);
  if (existsSync(file) ? statSync(file).size > maxDayBytes : readdirSync(folder).length >= maxFiles) return false;
  appendFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return true;
}
