import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { ipv4Text, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'radius',
  title: 'RADIUS',
  description:
    'Log-ins that a network device asks a RADIUS server about, with the answer: user, station, address given. Passwords are not kept.',
  references: ['RFC 2865', 'RFC 2866'],
  emits: ['log'],
  service: 'radius',
  transports: ['udp'],
  ports: [1645, 1812, 1813],
  recognize: ({ orig }: FirstBytes): Recognition =>
    readRadius(orig)?.attributes.has(userName) === true && (orig[0] === accessRequest || orig[0] === accountingRequest)
      ? 'match'
      : 'no',
  start: () => ({ attach: (context) => new RadiusConnection(context) }),
});

const accessRequest = 1;
const accessAccept = 2;
const accessReject = 3;
const accountingRequest = 4;
const maxCode = 13;
const userName = 1;
const framedAddress = 8;
const replyMessage = 18;
const callingStation = 31;
const tunnelClient = 66;
const connectInfo = 77;

const maxRecords = 1000;
const headerBytes = 20;
const maxPending = 256;

interface Message {
  readonly code: number;
  readonly id: number;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** RFC 2865, 3: code, id, length, authenticator, attributes. Undefined for what is none. */
function readRadius(bytes: Uint8Array): Message | undefined {
  const cursor = new Cursor(bytes);
  const code = cursor.u8();
  const id = cursor.u8();
  const length = cursor.u16();
  cursor.skip(16);
  if (code === 0 || code > maxCode || length < headerBytes || length > bytes.length || cursor.isCut) return undefined;
  const attributes = new Map<number, Uint8Array>();
  while (cursor.position < length) {
    const type = cursor.u8();
    const size = cursor.u8();
    if (size < 2 || cursor.position + size - 2 > length) return undefined;
    const value = cursor.take(size - 2);
    if (!attributes.has(type)) attributes.set(type, value);
  }
  return { code, id, attributes };
}

interface Exchange {
  readonly time: number;
  readonly packet: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

class RadiusConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  /** Requests by id that were not answered yet: there are 256 ids. */
  readonly #pending = new Map<number, Exchange>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(_isOrig: boolean, bytes: Uint8Array): void {
    const message = readRadius(bytes);
    if (message === undefined) {
      this.#context.violation('no RADIUS message');
      return;
    }
    this.#context.confirm();
    if (message.code === accessRequest) this.#request(message);
    else if (message.code === accessAccept || message.code === accessReject) this.#answer(message);
  }

  close(): void {
    for (const exchange of this.#pending.values()) this.#tell(exchange, { result: 'unknown' });
    this.#pending.clear();
  }

  #request({ id, attributes }: Message): void {
    // A request that comes again is the same one.
    if (this.#pending.has(id) || this.#pending.size >= maxPending) return;
    const facts = {
      username: textOf(attributes.get(userName)),
      mac: stationOf(attributes.get(callingStation)),
      tunnel_client: textOf(attributes.get(tunnelClient)),
      connect_info: textOf(attributes.get(connectInfo)),
    };
    const { time, packet } = this.#context.clock;
    this.#pending.set(id, { time, packet, facts });
  }

  #answer({ code, id, attributes }: Message): void {
    const { time, packet } = this.#context.clock;
    const exchange = this.#pending.get(id) ?? { time, packet, facts: {} };
    this.#pending.delete(id);
    const address = attributes.get(framedAddress);
    this.#tell(exchange, {
      result: code === accessAccept ? 'success' : 'failed',
      framed_addr: address?.length === 4 ? ipv4Text(address) : undefined,
      reply_msg: textOf(attributes.get(replyMessage)),
      ttl: time > exchange.time ? (time - exchange.time) / 1e6 : undefined,
    });
  }

  #tell({ time, packet, facts }: Exchange, outcome: Readonly<Record<string, unknown>>): void {
    this.#log.add('radius', { ...facts, ...outcome }, (event) => {
      event.time = time;
      event.evidence_at = packet;
      const user = facts['username'];
      event.user_name = typeof user === 'string' ? user : null;
    });
  }
}

function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : wireText(value);
}

/** A hardware address in Zeek's form, however its digits are told apart; a telephone number as it is. */
function stationOf(value: Uint8Array | undefined): string | undefined {
  const text = textOf(value);
  const digits = text?.replaceAll(/[-:.]/g, '') ?? '';
  return /^[0-9A-Fa-f]{12}$/.test(digits) ? digits.toLowerCase().match(/../g)?.join(':') : text;
}
