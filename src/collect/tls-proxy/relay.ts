import type { Socket } from 'node:net';

/**
 * Option of every socket: what waits in each of its directions before the other end is read no further, one record of TLS. Node's usual 64 KiB
 * cost thousands of connections half as much memory again.
 */
export const bufferBound = { highWaterMark: 16 * 1024 } as const;

/** Sees what passes, before it passes. */
export interface Tap {
  data(isClient: boolean, bytes: Uint8Array): void;
  end(isClient: boolean): void;
  reset(isClient: boolean): void;
}

export interface Relayed {
  readonly clientBytes: number;
  readonly serverBytes: number;
  /** Who broke off and with which error, where it did not end in the regular way. */
  readonly broken?: string;
}

export interface RelayOptions {
  readonly tap: Tap | undefined;
  readonly idleMs: number;
  /** All that the client will ever say, where it has ended before this began. */
  readonly whole?: Uint8Array | undefined;
}

/**
 * Carries bytes both ways until both ends have said all, one breaks off, or nothing passes for `idleMs`. What one end does not take is not
 * read from the other: a connection holds no more than what the two sockets buffer. Resolves with what passed; never rejects.
 */
export function relay(client: Socket, server: Socket, { tap, idleMs, whole }: RelayOptions): Promise<Relayed> {
  const bytes = { client: 0, server: 0 };
  let lastMs = performance.now();
  let broken: string | undefined;
  let open = 2;
  return new Promise((done) => {
    const closed = (): void => {
      if (--open > 0) return;
      const passed = { clientBytes: bytes.client, serverBytes: bytes.server };
      done(broken === undefined ? passed : { ...passed, broken });
    };
    const breakOff = (isClient: boolean, why: string): void => {
      if (broken === undefined) tap?.reset(isClient);
      broken ??= why;
      client.destroy();
      server.destroy();
    };
    const carry = (from: Socket, to: Socket, isClient: boolean): void => {
      const onData = (chunk: Uint8Array): void => {
        lastMs = performance.now();
        bytes[isClient ? 'client' : 'server'] += chunk.length;
        tap?.data(isClient, chunk);
        if (!to.write(chunk)) from.pause();
      };
      const onEnd = (): void => {
        tap?.end(isClient);
        to.end();
      };
      const onClose = (): void => {
        if (!from.readableEnded || !from.writableFinished) breakOff(isClient, brokenBy(isClient, from.errored));
        closed();
      };
      from.on('error', (error) => breakOff(isClient, brokenBy(isClient, error)));
      from.setTimeout(idleMs, () => {
        if (performance.now() - lastMs >= idleMs) breakOff(isClient, 'nothing passed for too long');
      });
      if (isClient && whole !== undefined) onData(whole);
      // What happened before this began is not told again.
      if (from.readableEnded) onEnd();
      else from.on('data', onData).on('end', onEnd);
      to.on('drain', () => from.resume());
      if (from.closed) onClose();
      else from.on('close', onClose);
    };
    carry(client, server, true);
    carry(server, client, false);
  });
}

/** An origin that asks for a certificate of the client says so only after the handshake of TLS 1.3 (RFC 8446, 4.4.2). */
function brokenBy(isClient: boolean, error: NodeJS.ErrnoException | null): string {
  const code = error?.code ?? error?.message;
  const hint =
    code?.endsWith('CERTIFICATE_REQUIRED') === true ? ', it wants a certificate of the client: bypass it' : '';
  return `${isClient ? 'the client' : 'the server'} broke off${code === undefined ? '' : `: ${code}`}${hint}`;
}
