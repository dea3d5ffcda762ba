import type { Socket } from 'node:net';
import type { OpeningReader } from '../opening-reader.ts';

/** Where a client wants to go, and how to tell it whether that can be. */
export interface ProxyRequest {
  /** Name or address; undefined when only the hello tells it. */
  readonly host: string | undefined;
  readonly port: number;
  /** The way is open: the client may speak. */
  accept(): void;
  /** `blocked` by a rule, or `unreachable`. Ends the connection. */
  refuse(reason: 'blocked' | 'unreachable'): void;
}

/** How clients say where they want to go. Undefined when they say nothing that can be understood; they have been answered then. */
export interface Front {
  readonly id: 'transparent' | 'http-connect' | 'socks5';
  request(socket: Socket, reader: OpeningReader): Promise<ProxyRequest | undefined>;
}

/** A port that something can listen on. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}
