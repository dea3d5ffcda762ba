import { createHash } from 'node:crypto';
import type { EventOf } from '../../../../../events/event.ts';
import { isLocalText } from '../../flows/local-networks.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type Connection,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText } from '../../wire/text.ts';
import { AuthenticationGuess } from './authentication.ts';
import { agree, hassh, readOffer, type Offer } from './key-exchange.ts';
import { PacketStream, type PacketHandler } from './packet-stream.ts';

export const analyzer = defineAnalyzer({
  id: 'ssh',
  title: 'SSH',
  description:
    'SSH 2: identification, what both sides agree on, the host key, HASSH of both sides, and a guess from packet sizes whether a log-in succeeded, as Zeek ' +
    'makes it. Of SSH 1 only the identification.',
  references: ['RFC 4253', 'RFC 4419', 'RFC 5656', 'https://github.com/salesforce/hassh'],
  emits: ['ssh'],
  service: 'ssh',
  transports: ['tcp'],
  ports: [22],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    const text = asciiText(orig.length > 0 ? orig : resp, 0, 6);
    // Tunnels that speak SSH put their own name where the version belongs.
    if (/^SSH-[0-9A-Za-z]/.test(text)) return 'match';
    return 'SSH-'.startsWith(text.slice(0, 4)) && text.length < 5 ? 'more' : 'no';
  },
  start: () => ({ attach: (context) => new SshConnection(context) }),
});

const messageKexInit = 20;
const messageNewKeys = 21;
const messageKexReply = 31;
const messageGroupExchangeReply = 33;

class SshConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #sides: readonly [PacketStream, PacketStream];
  readonly #authentication = new AuthenticationGuess();
  readonly #offers: { client?: Offer; server?: Offer } = {};
  #event: EventOf<'ssh'> | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#sides = [new PacketStream(this.#handler(true)), new PacketStream(this.#handler(false))];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    this.#sides[isOrig ? 0 : 1].data(bytes);
  }

  gap(): void {
    this.close();
  }

  close(): void {
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    const isCompressed = /^(?:zlib|zlib@openssh\.com)$/.test(event.ssh_compression ?? '');
    event.ssh_auth_attempts = isCompressed ? 0 : this.#authentication.attempts;
    event.ssh_auth_success = isCompressed ? null : this.#authentication.isSuccess;
    const direction = directionOf(this.#context.connection);
    if (direction !== undefined) event.fields = JSON.stringify({ direction });
    this.#context.emit(event);
  }

  #handler(isOrig: boolean): PacketHandler {
    return {
      identification: (line) => this.#identification(isOrig, line),
      message: (number, payload) => this.#message(isOrig, number, payload),
      encrypted: (length) => {
        if (this.#event?.ssh_version === 2) this.#authentication.encrypted(isOrig, length);
      },
      broken: (reason) => {
        this.close();
        this.#context.violation(reason);
      },
    };
  }

  #identification(isOrig: boolean, line: string): void {
    this.#event ??= this.#context.newEvent('ssh');
    if (isOrig) this.#event.ssh_client = line;
    else this.#event.ssh_server = line;
    const { ssh_client: client, ssh_server: server } = this.#event;
    if (client === null || server === null) return;
    this.#context.confirm();
    this.#event.ssh_version = versionOf(client, server);
  }

  #message(isOrig: boolean, number: number, payload: Uint8Array): boolean {
    if (number === messageKexInit) this.#offer(isOrig, payload);
    else if (!isOrig) this.#reply(number, payload);
    return number === messageNewKeys;
  }

  #offer(isOrig: boolean, payload: Uint8Array): void {
    const offer = readOffer(payload);
    const event = this.#event;
    if (offer === undefined || event === null || event === undefined) return;
    if (isOrig) {
      this.#offers.client ??= offer;
      event.ssh_hassh ??= hassh(offer, true);
    } else {
      this.#offers.server ??= offer;
      event.ssh_hassh_server ??= hassh(offer, false);
    }
    const { client, server } = this.#offers;
    if (client === undefined || server === undefined) return;
    const agreement = agree(client, server);
    event.ssh_kex = agreement.keyExchange;
    event.ssh_host_key_algorithm = agreement.hostKey;
    event.ssh_cipher = agreement.cipher;
    event.ssh_mac = agreement.mac;
    event.ssh_compression = agreement.compression;
  }

  /** The server's answer begins with its host key; with group exchange, message 31 is the group, and 33 the answer (RFC 4419). */
  #reply(number: number, payload: Uint8Array): void {
    const isGroupExchange = this.#event?.ssh_kex?.startsWith('diffie-hellman-group-exchange-') === true;
    if (this.#event === undefined || number !== (isGroupExchange ? messageGroupExchangeReply : messageKexReply)) return;
    const cursor = new Cursor(payload);
    const key = cursor.take(cursor.u32());
    if (!cursor.isCut && key.length > 0) this.#event.ssh_host_key = fingerprintOf(key);
  }
}

/** `SHA256:` and Base64 without padding, as OpenSSH prints it. */
function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The version that two identifications lead to: `1.99` fits both; 0 when they do not fit (RFC 4253, 5). */
function versionOf(client: string, server: string): number {
  const [ours, theirs] = [versionsIn(client), versionsIn(server)];
  if (ours.includes(2) && theirs.includes(2)) return 2;
  return ours.includes(1) && theirs.includes(1) ? 1 : 0;
}

function versionsIn(identification: string): readonly number[] {
  if (identification.startsWith('SSH-1.99')) return [1, 2];
  if (identification.startsWith('SSH-2')) return [2];
  return identification.startsWith('SSH-1') ? [1] : [];
}

/** Across our border or not at all: between two of ours, or two outside, there is no direction. */
function directionOf({ sourceIp, destinationIp }: Connection): 'INBOUND' | 'OUTBOUND' | undefined {
  const isFromUs = isLocalText(sourceIp);
  if (isFromUs === isLocalText(destinationIp)) return undefined;
  return isFromUs ? 'OUTBOUND' : 'INBOUND';
}
