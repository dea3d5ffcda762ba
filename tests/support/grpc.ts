import { createServer } from 'node:http2';
import { textField } from '../../src/base/grpc/protobuf.ts';

/** What a made-up service answers: messages one after the other, or a status that is no success. */
export type GrpcAnswer = readonly Buffer[] | { readonly status: number; readonly message: string };

/** A service on a socket file. `answer` is given the method, the message and the headers of a question. */
export async function serveGrpc(
  socket: string,
  answer: (method: string, message: Buffer, headers: Readonly<Record<string, unknown>>) => GrpcAnswer,
): Promise<{ close(): Promise<void> }> {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const answered = answer(String(headers[':path']).slice(1), Buffer.concat(parts).subarray(5), headers);
      const isRefused = 'status' in answered;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () =>
        stream.sendTrailers(
          isRefused ? { 'grpc-status': answered.status, 'grpc-message': answered.message } : { 'grpc-status': 0 },
        ),
      );
      if (!isRefused) for (const message of answered) stream.write(framed(message));
      stream.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A field that holds a message or bytes. */
export function bytesField(number: number, bytes: Buffer): Buffer {
  // Latin-1 keeps each byte a character, and the length is that of the bytes.
  const length = textField(number, 'x'.repeat(bytes.length));
  return Buffer.concat([length.subarray(0, length.length - bytes.length), bytes]);
}
