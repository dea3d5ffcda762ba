/** A thread with an origin and its clients: each client opens a TLS connection, waits for all others, and sends a body of its own. */
import { createHash } from 'node:crypto';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls';
import { parentPort } from 'node:worker_threads';

export interface LoadRequest {
  /** PEM of the origin. */
  readonly key: string;
  readonly cert: string;
  /** PEM of what the clients trust. */
  readonly authority: string;
  /** Where CONNECT is taken; undefined to go to the origin itself. */
  readonly proxyPort: number | undefined;
  readonly connections: number;
  readonly bytesEach: number;
}

export interface LoadResult {
  /** From the first byte of a body to the last of all, in seconds. */
  readonly seconds: number;
  /** SHA-256 of what arrived on each connection. */
  readonly hashes: readonly string[];
  /** Most connections that were open at one time. */
  readonly mostOpen: number;
}

/** Handshakes under way at one time. */
const opening = 50;

/** What one client sends: bytes that no other one sends. */
export function bodyOf(index: number, length: number): Buffer {
  const seed = createHash('sha256').update(`body ${index}`).digest();
  return Buffer.alloc(length, seed);
}

async function load({ key, cert, authority, proxyPort, connections, bytesEach }: LoadRequest): Promise<LoadResult> {
  const hashes: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const server = createServer({ key, cert, allowHalfOpen: true }, (socket) => {
    mostOpen = Math.max(mostOpen, ++open);
    socket.write('go');
    const hash = createHash('sha256');
    socket.on('data', (bytes: Buffer) => void hash.update(bytes));
    socket.on('end', () => {
      hashes.push(hash.digest('hex'));
      open--;
      socket.end('ok');
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((done) => void server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, done));
  const { port } = server.address() as AddressInfo;
  const clients: TLSSocket[] = [];
  let pending = 0;
  const workers = Array.from({ length: opening }, async () => {
    while (clients.length + pending < connections) {
      pending++;
      const client = await openClient(port, proxyPort, authority);
      pending--;
      clients.push(client);
    }
  });
  await Promise.all(workers);
  const started = performance.now();
  await Promise.all(clients.map((client, index) => send(client, bodyOf(index, bytesEach))));
  const seconds = (performance.now() - started) / 1000;
  server.close();
  return { seconds, hashes, mostOpen };
}

/** A connection to the origin, through the proxy where there is one, that the origin has greeted. */
async function openClient(port: number, proxyPort: number | undefined, authority: string): Promise<TLSSocket> {
  const raw = connectTcp({ port: proxyPort ?? port, host: '127.0.0.1', allowHalfOpen: true });
  if (proxyPort !== undefined) {
    raw.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`);
    await answer(raw);
  }
  const socket = connectTls({ socket: raw, servername: 'localhost', ca: authority });
  // A client of TLS 1.3 is ready before its server is.
  await answer(socket);
  return socket;
}

function answer(socket: Socket): Promise<void> {
  return new Promise((done, fail) => {
    socket.once('data', () => done());
    socket.once('error', fail);
  });
}

function send(client: TLSSocket, body: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    client.once('error', fail);
    client.once('end', () => done());
    client.resume();
    client.end(body);
  });
}

parentPort?.once('message', (request: LoadRequest) => {
  void load(request).then((result) => parentPort?.postMessage(result));
});
