import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Socket } from 'node:net';
import { VakthundError, errorCodes, type VakthundErrorCode } from '../../base/errors.ts';
import type { CaseService, Progress } from '../service.ts';

/** One JSON object a line, both ways. A larger frame closes the connection: the peer is not one of ours. */
const maxFrameBytes = 256 * 1024 * 1024;

export type Method = Exclude<keyof CaseService, 'close'>;
export const methods: readonly Method[] = [
  'investigate',
  'join',
  'reapply',
  'whatIf',
  'verdict',
  'query',
  'exportQuery',
  'huntRules',
  'explain',
  'retain',
];

export type Request =
  | { readonly id: number; readonly method: Method; readonly params: unknown }
  | { readonly id: number; readonly cancel: true };

export type Reply =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: RemoteError };

export interface RemoteError {
  readonly code: VakthundErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/**
 * The owner's socket: inside the case, which only its user can enter; in the temporary folder (made private by the
 * server) when the path would be longer than the 107 bytes that a socket address holds.
 */
export function socketPath(caseFolder: string): string {
  const inside = join(resolve(caseFolder), 'owner.sock');
  if (Buffer.byteLength(inside) <= 96) return inside;
  const hash = createHash('sha256').update(resolve(caseFolder)).digest('hex').slice(0, 16);
  return join(tmpdir(), `vakthund-${hash}`, 'owner.sock');
}

export function toRemoteError(error: unknown): RemoteError {
  if (error instanceof VakthundError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

export function fromRemoteError(error: RemoteError): VakthundError {
  const code = Object.hasOwn(errorCodes, error.code) ? error.code : 'INTERNAL';
  return new VakthundError(code, error.message, error.hint === undefined ? {} : { hint: error.hint });
}

/** Calls `onFrame` for each line that arrives; a broken or oversized line ends the connection. */
export function readFrames(socket: Socket, onFrame: (frame: unknown) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      bytes = 0;
      from = end + 1;
      try {
        onFrame(JSON.parse(line));
      } catch {
        socket.destroy();
        return;
      }
    }
    parts.push(chunk.subarray(from));
    bytes += chunk.length - from;
    if (bytes > maxFrameBytes) socket.destroy();
  });
}

export function writeFrame(socket: Socket, frame: Request | Reply): void {
  if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`);
}
