import { createServer, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { readClientOpening, type ClientOpening } from './client-opening.ts';
import { OpeningReader } from './opening-reader.ts';

let hello: Buffer;
beforeAll(async () => {
  hello = await new Promise<Buffer>((done) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        done(bytes);
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      connectTls({ port, servername: 'shop.example', ALPNProtocols: ['h2', 'http/1.1'] }).on('error', () => undefined);
    });
  });
});

/** What is made of what a client sends, and what is left to be read after it. */
async function openingOf(
  send: (socket: Socket) => Promise<void> | void,
  serverSpoke?: Promise<void>,
): Promise<{ opening: ClientOpening; left: Buffer }> {
  const server = createServer({ allowHalfOpen: true });
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port));
  });
  const accepted = new Promise<Socket>((done) => server.once('connection', done));
  const client = connect({ port, host: '127.0.0.1', noDelay: true });
  const socket = await accepted;
  const reader = new OpeningReader(socket);
  const [opening] = await Promise.all([readClientOpening(reader, serverSpoke), send(client)]);
  const left = reader.release() ?? (socket.read() as Buffer | null) ?? Buffer.alloc(0);
  client.destroy();
  socket.destroy();
  server.close();
  return { opening, left };
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

/** The same message in records of `size` bytes. */
function cutIntoRecords(bytes: Buffer, size: number): Buffer {
  const message = bytes.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.of(22, 3, 1, part.length >> 8, part.length & 255), part);
  }
  return Buffer.concat(records);
}

describe('the beginning of a client', () => {
  test('is a hello with its name and protocols, and stays to be read', async () => {
    const { opening, left } = await openingOf((socket) => void socket.write(hello));
    const protocols = ['h2', 'http/1.1'].map((name) =>
      expect.toSatisfy((bytes: Uint8Array) => String(Buffer.from(bytes)) === name),
    );
    expect(opening).toMatchObject({ kind: 'tls', hello: { serverName: 'shop.example', protocols } });
    expect(left).toEqual(hello);
  });

  test.each([1, 2, 3, 50, 100])('is a hello in records of %i bytes, in pieces', async (size) => {
    const bytes = cutIntoRecords(hello, size);
    const { opening, left } = await openingOf(async (socket) => {
      for (let at = 0; at < bytes.length; at += 400) {
        socket.write(bytes.subarray(at, at + 400));
        await pause();
      }
    });
    expect(opening).toMatchObject({ kind: 'tls', hello: { serverName: 'shop.example' } });
    expect(left).toEqual(bytes);
  });

  test.each([
    ['a request', Buffer.from('GET / HTTP/1.0\r\n\r\n'), 'plain'],
    ['a record that is longer than any', Buffer.of(22, 3, 1, 255, 255, 1), 'plain'],
    ['an empty record', Buffer.of(22, 3, 1, 0, 0), 'plain'],
    ['another handshake message', Buffer.of(22, 3, 1, 0, 4, 2, 0, 0, 0), 'plain'],
    ['a hello that is cut inside', Buffer.of(22, 3, 1, 0, 5, 1, 0, 0, 1, 3), 'plain'],
    [
      'a hello of 16 MB that never comes',
      cutIntoRecords(Buffer.from([0, 0, 0, 0, 0, 1, 255, 255, 255, ...Buffer.alloc(70_000)]), 16_000),
      'plain',
    ],
  ])('is none for %s', async (_what, bytes, kind) => {
    const { opening } = await openingOf((socket) => void socket.write(bytes));
    expect(opening.kind).toBe(kind);
  });

  test('is silence, or the end', async () => {
    expect((await openingOf(() => undefined, Promise.resolve())).opening.kind).toBe('silent');
    expect((await openingOf((socket) => void socket.end())).opening.kind).toBe('ended');
    expect((await openingOf((socket) => void socket.end(hello.subarray(0, 40)))).opening.kind).toBe('ended');
  });
});
