import { createHash } from 'node:crypto';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText } from '../../wire/text.ts';

/** What one side offers, each list in order of preference (RFC 4253, 7.1). */
export interface Offer {
  readonly keyExchange: string;
  readonly hostKey: string;
  readonly cipherToServer: string;
  readonly cipherToClient: string;
  readonly macToServer: string;
  readonly macToClient: string;
  readonly compressionToServer: string;
  readonly compressionToClient: string;
}

/** The payload of SSH_MSG_KEXINIT behind its message number; undefined when it is cut. */
export function readOffer(payload: Uint8Array): Offer | undefined {
  const cursor = new Cursor(payload);
  cursor.skip(16);
  const list = (): string => asciiText(cursor.take(cursor.u32()));
  const offer = {
    keyExchange: list(),
    hostKey: list(),
    cipherToServer: list(),
    cipherToClient: list(),
    macToServer: list(),
    macToClient: list(),
    compressionToServer: list(),
    compressionToClient: list(),
  };
  return cursor.isCut ? undefined : offer;
}

export interface Agreement {
  readonly keyExchange: string;
  readonly hostKey: string;
  readonly cipher: string;
  readonly mac: string;
  readonly compression: string;
}

/** What both sides settle on: the first of the client's that the server has too (RFC 4253, 7.1), in Zeek's words. */
export function agree(client: Offer, server: Offer): Agreement {
  return {
    keyExchange: common(client.keyExchange, server.keyExchange),
    hostKey: common(client.hostKey, server.hostKey),
    cipher: bothWays(
      common(client.cipherToServer, server.cipherToServer),
      common(client.cipherToClient, server.cipherToClient),
    ),
    mac: bothWays(common(client.macToServer, server.macToServer), common(client.macToClient, server.macToClient)),
    compression: bothWays(
      common(client.compressionToServer, server.compressionToServer),
      common(client.compressionToClient, server.compressionToClient),
    ),
  };
}

function common(client: string, server: string): string {
  const offered = new Set(namesIn(server));
  return namesIn(client).find((name) => offered.has(name)) ?? 'Algorithm negotiation failed';
}

function namesIn(list: string): string[] {
  return list.split(',').filter((name) => name !== '');
}

function bothWays(toServer: string, toClient: string): string {
  return toServer === toClient ? toServer : `To server: ${toServer}, to client: ${toClient}`;
}

/** HASSH of a client, or of a server (salesforce/hassh): MD5 of the lists that it uses for sending. */
export function hassh(offer: Offer, isClient: boolean): string {
  const sending = isClient
    ? [offer.cipherToServer, offer.macToServer, offer.compressionToServer]
    : [offer.cipherToClient, offer.macToClient, offer.compressionToClient];
  return createHash('md5')
    .update([offer.keyExchange, ...sending].join(';'))
    .digest('hex');
}
