import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { canonicalIp, parseCidr, parseIp, type IpRange } from '../../base/ip.ts';
import { bufferBound } from './relay.ts';
import type { OwnWays } from './own-ways.ts';
import { isStapledRevoked } from '../sources/pcap/tls/stapled-status.ts';

/** Why there is no connection to the origin. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
}

/** What only this machine itself can reach: others may not reach it through us. */
const ownRanges: readonly IpRange[] = ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '::1/128', '::/128', 'fe80::/10']
  .map((text) => parseCidr(text))
  .filter((range) => range !== undefined);

function isOwn(address: string): boolean {
  const number = parseIp(address);
  return number !== undefined && ownRanges.some(({ first, last }) => first <= number && number <= last);
}

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/**
 * Opens the way to the origin. `mayReachOwn`: the client is on this machine, and may go wherever this machine may. Rejects with an
 * `UpstreamError`; one that leads back to this process (`ways`) too.
 */
export async function openUpstream(
  { host, port }: Destination,
  options: { readonly timeoutMs: number; readonly mayReachOwn: boolean; readonly ways: OwnWays },
): Promise<Socket> {
  const addresses = await addressesOf(host);
  const allowed = options.mayReachOwn ? addresses : addresses.filter(({ address }) => !isOwn(address));
  if (allowed.length === 0) {
    throw new UpstreamError(addresses.length === 0 ? 'no address' : 'an address of this machine');
  }
  const socket = connectTcp({
    ...bufferBound,
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    // What was looked up and allowed is what is connected to; a name may have other addresses a moment later.
    lookup: (_host, _options, done) => done(null, [...allowed]),
    autoSelectFamily: true,
  });
  await new Promise<void>((done, fail) => {
    const end = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      fail(error);
    };
    const timer = setTimeout(() => end(new UpstreamError('ETIMEDOUT')), options.timeoutMs);
    socket.once('error', (error: NodeJS.ErrnoException) => end(new UpstreamError(error.code ?? error.message)));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      if (options.ways.leadsBack(socket)) end(new UpstreamError('a way back to this proxy'));
      else done();
    });
  });
  return socket;
}

async function addressesOf(host: string): Promise<readonly { readonly address: string; readonly family: number }[]> {
  const address = canonicalIp(host);
  if (address !== undefined) return [{ address, family: isIP(address) }];
  try {
    return await lookup(host, { all: true });
  } catch (error) {
    throw new UpstreamError((error as NodeJS.ErrnoException).code ?? 'the name has no address');
  }
}

export interface UpstreamTls {
  readonly socket: TLSSocket;
  /** Why the origin's certificate does not hold, such as `CERT_HAS_EXPIRED`; undefined when it does. */
  readonly fault: string | undefined;
}

export interface UpstreamTlsOptions {
  /** The name in the client's hello; undefined when there was none. */
  readonly serverName: string | undefined;
  /** What the certificate must be for: the name, or the address that was connected to. */
  readonly host: string;
  /** Protocols that the client offers, in its order. */
  readonly protocols: readonly Uint8Array[];
  readonly roots: SecureContext;
  readonly timeoutMs: number;
  readonly onKeyLog?: (line: Buffer) => void;
}

/** Speaks TLS with the origin as the client would, and verifies its certificate. Rejects with an `UpstreamError`. */
export function startUpstreamTls(raw: Socket, options: UpstreamTlsOptions): Promise<UpstreamTls> {
  const { serverName, host, protocols, roots, timeoutMs, onKeyLog } = options;
  return new Promise((done, fail) => {
    const socket = connectTls({
      socket: raw,
      host,
      ...bufferBound,
      secureContext: roots,
      // The fault is taken note of and shown to the client, instead of ending here.
      rejectUnauthorized: false,
      requestOCSP: true,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(protocols.length === 0 ? {} : { ALPNProtocols: protocolList(protocols) }),
    });
    if (onKeyLog !== undefined) socket.on('keylog', onKeyLog);
    let stapled: Uint8Array | null = null;
    socket.once('OCSPResponse', (response: Uint8Array | null) => (stapled = response));
    const end = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      fail(new UpstreamError(reason));
    };
    const timer = setTimeout(() => end('ETIMEDOUT'), timeoutMs);
    const onError = (error: NodeJS.ErrnoException): void => end(error.code ?? error.message);
    const onClose = (): void => end('the origin ended the handshake');
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('close', onClose);
      socket.off('error', onError);
      socket.on('error', () => socket.destroy());
      done({ socket, fault: socket.authorized ? revokedBy(stapled, socket) : faultOf(socket) });
    });
  });
}

function faultOf(socket: TLSSocket): string {
  const error: unknown = socket.authorizationError;
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
  if (code !== 'UNSPECIFIED') return code;
  // Faults that Node has no code for, such as keys and digests that are too weak: OpenSSL's own words.
  const { _handle: handle } = socket as TLSSocket & { readonly _handle?: { verifyError?(): Error | null } };
  return handle?.verifyError?.()?.message ?? code;
}

/** Clients that are given the answer about a certificate's revocation by the server itself would go by it. */
function revokedBy(stapled: Uint8Array | null, socket: TLSSocket): string | undefined {
  const serial = socket.getPeerX509Certificate()?.serialNumber;
  return stapled !== null && serial !== undefined && isStapledRevoked(stapled, serial) ? 'CERT_REVOKED' : undefined;
}

/** As the extension has them (RFC 7301, 3.1): each behind its length. */
function protocolList(protocols: readonly Uint8Array[]): Buffer {
  return Buffer.concat(protocols.flatMap((protocol) => [Buffer.of(protocol.length), protocol]));
}
