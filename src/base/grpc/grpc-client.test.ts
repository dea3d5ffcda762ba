import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveGrpc } from '../../../tests/support/grpc.ts';
import { GrpcClient, GrpcRefusal } from './grpc-client.ts';

let folder: string;
let socket: string;
let server: { close(): Promise<void> } | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-grpc-'));
  socket = join(folder, 'service.sock');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

it('brings the messages of an answer as they were sent, large and empty ones too', async () => {
  const messages = [Buffer.alloc(0), Buffer.alloc(3_000_000, 'ab'), Buffer.from('end')];
  const asked: string[] = [];
  server = await serveGrpc(socket, (method, message, headers) => {
    asked.push(`${method} ${message.toString()} ${String(headers['space'])}`);
    return messages;
  });
  const client = new GrpcClient(socket);
  const received: Buffer[] = [];
  for await (const message of client.stream('service/Read', Buffer.from('what'), { space: 'k8s.io' })) {
    received.push(message);
  }
  expect(received.map(({ length }) => length)).toEqual([0, 3_000_000, 3]);
  expect(Buffer.concat(received).equals(Buffer.concat(messages))).toBe(true);
  expect(asked).toEqual(['service/Read what k8s.io']);
  expect((await client.ask('service/One', Buffer.alloc(0))).length).toBe(0);
});

it('tells what a service refuses', async () => {
  server = await serveGrpc(socket, () => ({ status: 5, message: 'no such image' }));
  const refused = new GrpcClient(socket).ask('service/Get', Buffer.alloc(0));
  await expect(refused).rejects.toThrow(GrpcRefusal);
  await expect(refused).rejects.toMatchObject({ status: 5, message: 'status 5 for service/Get: no such image' });
});

it('fails where nobody listens', async () => {
  await expect(new GrpcClient(join(folder, 'none')).ask('a/B', Buffer.alloc(0))).rejects.toThrow(/ENOENT/);
});

it.each([
  ['speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', /Protocol error/],
  ['closes the connection', '', /closed without an answer/],
])('fails where the other side %s', async (_, text, message) => {
  const other = createServer((connection) => connection.resume().end(text));
  await new Promise<void>((done) => other.listen(socket, done));
  server = { close: () => new Promise((done) => other.close(() => done())) };
  await expect(new GrpcClient(socket).ask('a/B', Buffer.alloc(0))).rejects.toThrow(message);
});
