import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** Sees what passes, before it passes. */
export interface Tap {
  data(isClient: boolean, bytes: Uint8Array): void;
  end(isClient: boolean): void;
  reset(isClient: boolean): void;
}

export interface Relayed {
  readonly clientBytes: number;
  readonly serverBytes: number;
}

/**
 * Carries bytes both ways until both ends have said all, one breaks off, or nothing passes for `idleMs`. What one end does not take is not
 * read from the other: a connection holds no more than what the two sockets buffer. Resolves with what passed; never rejects.
 */
export function relay(client: Socket, server: Socket, tap: Tap | undefined, idleMs: number): Promise<Relayed> {
  const bytes = { client: 0, server: 0 };
  let lastMs = performance.now();
  let hasBroken = false;
  let open = 2;
  return new Promise((done) => {
    const closed = (): void => {
      if (--open === 0) done({ clientBytes: bytes.client, serverBytes: bytes.server });
    };
    const breakOff = (isClient: boolean): void => {
      if (!hasBroken) tap?.reset(isClient);
      hasBroken = true;
      client.destroy();
      server.destroy();
    };
    const carry = (from: Socket, to: Socket, isClient: boolean): void => {
      from.on('data', (chunk: Buffer) => {
        lastMs = performance.now();
        bytes[isClient ? 'client' : 'server'] += chunk.length;
        tap?.data(isClient, chunk);
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => from.resume());
      from.on('end', () => {
        tap?.end(isClient);
        (to as Duplex).end();
      });
      from.on('error', () => breakOff(isClient));
      from.on('close', () => {
        if (!from.readableEnded || !from.writableFinished) breakOff(isClient);
        closed();
      });
      from.setTimeout(idleMs, () => {
        if (performance.now() - lastMs >= idleMs) breakOff(isClient);
      });
    };
    carry(client, server, true);
    carry(server, client, false);
  });
}
