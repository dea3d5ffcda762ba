import { execFile, spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { ProxyUnderTest } from './tls-lab.ts';

export const hasCurl = spawnSync('curl', ['--version']).status === 0;
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const socksAnswerBytes = 10;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

export function ran(program: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(program, args, { timeout: 20_000 }, (_error, out) => done({ code: child.exitCode, out }));
    child.stdin?.end(input);
  });
}

export function curl(args: readonly string[]): Promise<Ran> {
  return ran('curl', ['-sS', '--max-time', '15', ...args]);
}

/** A connection through the proxy that is ready to carry anything. */
export async function tunnel(proxyPort: number, port: number, by: 'http' | 'socks' = 'http'): Promise<Socket> {
  const socket = connect(proxyPort, '127.0.0.1');
  if (by === 'http') {
    socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    const answer = (await once(socket)).toString();
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer);
    return socket;
  }
  socket.write(Buffer.of(5, 1, 0));
  await once(socket);
  socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]));
  const answer = await once(socket);
  // The server may have spoken already.
  socket.pause();
  if (answer.length > socksAnswerBytes) socket.unshift(answer.subarray(socksAnswerBytes));
  return socket;
}

/** The TLS connection inside; rejects when the handshake fails. */
export async function secured(proxyPort: number, port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const raw = await tunnel(proxyPort, port);
  return new Promise((done, fail) => {
    const socket = connectTls({ socket: raw, servername: 'localhost', ...options }, () => done(socket));
    socket.on('error', fail);
    for (const either of [raw, socket]) either.on('close', () => fail(new Error('closed')));
  });
}

export function once(socket: Socket): Promise<Buffer> {
  return new Promise((done, fail) => {
    socket.once('data', done);
    socket.once('close', () => fail(new Error('closed')));
    socket.once('error', fail);
  });
}

export function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('end', () => done(Buffer.concat(parts).toString('latin1')));
    socket.on('error', fail);
    socket.write(request);
  });
}

export async function firstLine(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const [line = ''] = (await once(socket)).toString('latin1').split('\r\n');
  socket.destroy();
  return line;
}

export function closed(socket: Socket): Promise<void> {
  return new Promise((done) => {
    socket.on('error', () => undefined);
    socket.on('close', () => done());
    socket.resume();
  });
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 5));
}

/** Waits until so many connections were told to be over. */
export function over({ records }: ProxyUnderTest, count: number): Promise<void> {
  return until(() => records.length >= count);
}
