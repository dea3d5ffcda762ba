import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createConnection, createServer, type Socket } from 'node:net';
import { VakthundError } from '../../base/errors.ts';
import { findSource } from '../find-source.ts';
import type { ReceivedFiles } from './received-files.ts';

/** Longest line; a longer one is dropped with the connection that sent it. */
const maxLineBytes = 4 * 1024 * 1024;
const newline = 10;

/**
 * Listens on a socket file, for the owner alone. What begins like HTTP is handed to `http`; anything else is lines, written under
 * the name of the source that knows the first one, so that tools do not mix in one file. Gives what ends it.
 */
export async function listenOnPath(path: string, http: Server, files: ReceivedFiles): Promise<() => Promise<void>> {
  await removeStale(path);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      if (/^(?:GET|POST|HEAD|PUT|DELETE|OPTIONS) \//.test(first.toString('latin1', 0, 16))) {
        socket.pause();
        http.emit('connection', socket);
        socket.unshift(first);
        socket.resume();
      } else takeLines(socket, first, files);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  chmodSync(path, 0o600);
  return async () => {
    const done = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of open) socket.destroy();
    await done;
  };
}

/** Removes the socket file of a watch that was killed. One that somebody listens on, or another file, is left alone. */
async function removeStale(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const isAnswered = await new Promise<boolean>((done) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
  if (!stats.isSocket() || isAnswered) {
    throw new VakthundError('OUTPUT', `${path} is there already${isAnswered ? ', and somebody listens' : ''}`);
  }
  rmSync(path);
}

/** A connection that sends lines. They are kept as they are: what cannot be read is told by the source, with its place. */
function takeLines(socket: Socket, first: Buffer, files: ReceivedFiles): void {
  let rest: Buffer = Buffer.alloc(0);
  let name: string | undefined;
  const take = (part: Buffer): void => {
    const end = part.lastIndexOf(newline);
    if (end < 0) {
      rest = Buffer.concat([rest, part]);
      if (rest.length > maxLineBytes) socket.destroy();
      return;
    }
    const text = Buffer.concat([rest, part.subarray(0, end)]).toString('utf8');
    rest = part.subarray(end + 1);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) return;
    name ??= findSource('', Buffer.from(`${lines[0]}\n`))?.id ?? 'lines';
    if (!files.write(name, lines)) socket.destroy();
  };
  socket.on('data', take);
  socket.once('end', () => {
    if (rest.length > 0) take(Buffer.from('\n'));
  });
  take(first);
}
