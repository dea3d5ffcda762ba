import { microsPerSecond, type Micros } from '../../../../../base/time.ts';
import type { EventOf } from '../../../../../events/event.ts';
import type { CaptureContext, Connection } from '../../analyzer.ts';
import { macText } from '../../wire/text.ts';
import { addressOption, messageTypeName, textOption, type DhcpMessage } from './message.ts';

/** Zeek's bounds: an exchange is over after five seconds of silence, after thirty seconds, or when it names too much. */
const maxSilence = 5 * microsPerSecond;
const maxWatchTime = 30 * microsPerSecond;
const maxConnections = 10;
const maxMessages = 50;
/** Exchanges under way at once; the oldest is handed over when there are more. */
const maxExchanges = 10_000;

interface Exchange {
  readonly event: EventOf<'dhcp'>;
  readonly uids: string[];
  readonly types: string[];
  readonly extra: { client_message?: string; server_message?: string };
  lastTime: Micros;
  /** What the client's messages say about its hardware, should no better source turn up. */
  clientMac: string | undefined;
}

const noAddress = '0.0.0.0';
const broadcast = '255.255.255.255';

/** Joins the messages of one transaction id, whatever connections they ran in, to one event (zeek/zeek scripts/base/protocols/dhcp/main.zeek). */
export class DhcpExchanges {
  readonly #context: CaptureContext;
  readonly #exchanges = new Map<number, Exchange>();

  constructor(context: CaptureContext) {
    this.#context = context;
  }

  add(message: DhcpMessage, isOrig: boolean, connection: Connection): void {
    const { transactionId } = message;
    const exchange = this.#exchanges.get(transactionId) ?? this.#begin(transactionId);
    exchange.lastTime = this.#context.clock.time;
    exchange.types.push(messageTypeName(message.type));
    if (!exchange.uids.includes(connection.uid)) exchange.uids.push(connection.uid);
    const isClient =
      isOrig &&
      (connection.sourceIp === noAddress || connection.sourcePort === 68 || connection.destinationPort === 67);
    if (isClient) fromClient(exchange, message, connection);
    else fromServer(exchange, message, isOrig ? connection.sourceIp : connection.destinationIp);
    if (exchange.uids.length >= maxConnections || exchange.types.length >= maxMessages) this.#end(transactionId);
  }

  /** Hands over what has been silent, or under way, for too long. */
  tick(): void {
    const { time } = this.#context.clock;
    for (const [id, { lastTime, event }] of this.#exchanges) {
      if (time - lastTime > maxSilence || time - event.time > maxWatchTime) this.#end(id);
    }
  }

  finish(): void {
    for (const id of this.#exchanges.keys()) this.#end(id);
  }

  #begin(id: number): Exchange {
    if (this.#exchanges.size >= maxExchanges) {
      const [oldest] = this.#exchanges.keys();
      if (oldest !== undefined) this.#end(oldest);
    }
    const event = this.#context.newEvent('dhcp');
    event.network_transport = 'udp';
    const exchange = { event, uids: [], types: [], extra: {}, lastTime: event.time, clientMac: undefined };
    this.#exchanges.set(id, exchange);
    return exchange;
  }

  #end(id: number): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    this.#exchanges.delete(id);
    const { event, extra } = exchange;
    event.uid = exchange.uids.join(',');
    event.dhcp_message_types = exchange.types;
    event.client_mac ??= exchange.clientMac ?? null;
    event.source_ip = event.client_ip;
    event.destination_ip = event.server_ip;
    const duration = (exchange.lastTime - event.time) / microsPerSecond;
    event.fields = JSON.stringify({ ...extra, duration });
    this.#context.emit(event);
  }
}

function fromClient(exchange: Exchange, { options, clientMac }: DhcpMessage, connection: Connection): void {
  const { event } = exchange;
  if (connection.sourceIp !== noAddress && connection.sourceIp !== broadcast) event.client_ip = connection.sourceIp;
  event.dhcp_host_name = textOption(options, 12) ?? event.dhcp_host_name;
  event.dhcp_client_fqdn = clientFqdn(options.get(81)) ?? event.dhcp_client_fqdn;
  event.dhcp_requested_ip = addressOption(options, 50) ?? event.dhcp_requested_ip;
  event.dhcp_vendor_class = textOption(options, 60) ?? event.dhcp_vendor_class;
  const parameters = options.get(55);
  if (parameters !== undefined) event.dhcp_parameters = [...parameters].map(String);
  const message = textOption(options, 56);
  if (message !== undefined) exchange.extra.client_message = message;
  const identifier = options.get(61);
  if (identifier?.[0] === 1 && identifier.length > 1) event.client_mac = macText(identifier.subarray(1));
  else exchange.clientMac = clientMac ?? exchange.clientMac;
}

function fromServer(exchange: Exchange, { options, yourAddress, clientMac }: DhcpMessage, server: string): void {
  const { event } = exchange;
  if (yourAddress !== noAddress) {
    event.server_ip = server;
    event.dhcp_assigned_ip = yourAddress;
  }
  event.client_mac ??= clientMac ?? null;
  event.client_ip ??= event.dhcp_assigned_ip;
  event.dhcp_domain = textOption(options, 15) ?? event.dhcp_domain;
  const message = textOption(options, 56);
  if (message !== undefined) exchange.extra.server_message = message;
  const lease = options.get(51);
  if (lease?.length === 4) event.dhcp_lease_time = Buffer.from(lease).readUInt32BE(0) * microsPerSecond;
}

/** The name of option 81 (RFC 4702): behind flags and two codes, as text or, when a flag says so, as DNS labels. */
function clientFqdn(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length < 4) return undefined;
  const name = Buffer.from(data.subarray(3)).toString('latin1');
  if (((data[0] ?? 0) & 4) === 0) return name.replace(/\0+$/, '');
  const labels: string[] = [];
  for (let at = 0; at < name.length;) {
    const length = name.charCodeAt(at);
    if (length === 0 || length > 63) break;
    labels.push(name.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels.join('.');
}
