import type { SecureContext } from 'node:tls';
import type { Issuer } from './authority/certificate.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { DecryptedCapture } from './capture/decrypted-capture.ts';
import type { Front } from './fronts/front.ts';
import type { ProxyRules } from './rules.ts';

/** What to do about an origin whose certificate does not hold: show the client one that it does not trust either, or end there. */
export type FaultPolicy = 'warn' | 'refuse';

export interface ProxyLimits {
  /** Connections at a time; what comes beyond is closed at once and counted. */
  readonly connections: number;
  /** From the first packet until both sides have finished their handshakes. */
  readonly openingMs: number;
  /** A connection on which nothing passes for so long is ended. */
  readonly idleMs: number;
}

export const defaultLimits: ProxyLimits = { connections: 4096, openingMs: 20_000, idleMs: 600_000 };

export interface ProxyListener {
  readonly front: Front;
  readonly host: string;
  readonly port: number;
}

export interface ProxyOptions {
  readonly listeners: readonly ProxyListener[];
  /** May this client use the proxy? Others are closed at once. */
  readonly mayUse: (address: string) => boolean;
  readonly issuer: Issuer;
  /** What origins are verified against. */
  readonly roots: SecureContext;
  readonly rules: ProxyRules;
  readonly faultPolicy: FaultPolicy;
  /** A client that refuses our certificate is passed on to that name undecrypted for so long; 0 for never. */
  readonly failOpenMs: number;
  readonly limits: ProxyLimits;
  readonly capture: DecryptedCapture;
  /** Destination port that decrypted packets are written with, for tools that go by it; the true one when undefined. */
  readonly capturePort?: number | undefined;
  /** Lines in the format of NSS key logs. */
  readonly onKeyLog?: ((line: Buffer) => void) | undefined;
  readonly onConnection: (record: ConnectionRecord) => void;
  readonly nowMs: () => number;
}
