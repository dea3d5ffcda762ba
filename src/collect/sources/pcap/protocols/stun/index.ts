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
  id: 'stun',
  title: 'STUN',
  description:
    'Messages by which programs find the way through address translation, and TURN over UDP: method, program, realm, the address seen from outside.',
  references: ['RFC 8489', 'RFC 8656'],
  emits: ['log'],
  service: 'stun',
  transports: ['udp'],
  ports: [3478],
  recognize: ({ orig }: FirstBytes): Recognition => (readStun(orig) === undefined ? 'no' : 'match'),
  start: () => ({ attach: (context) => new StunConnection(context) }),
});

const maxRecords = 20;
const maxTextBytes = 256;
const headerBytes = 20;
const cookie = 0x2112_a442;
const userName = 0x0006;
const realm = 0x0014;
const mappedAddress = 0x0020;
const software = 0x8022;

/** RFC 8489, 18.2, and RFC 8656, 17. */
const methods: Readonly<Record<number, string>> = {
  1: 'Binding',
  3: 'Allocate',
  4: 'Refresh',
  6: 'Send',
  7: 'Data',
  8: 'CreatePermission',
  9: 'ChannelBind',
};
const classes: readonly string[] = ['request', 'indication', 'success', 'error'];

class StunConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  /** Calls ask again every few seconds: each kind of message is told once for each side. */
  readonly #told = new Set<string>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const message = readStun(bytes);
    // Media and channels of TURN come over the same ports.
    if (message === undefined) return;
    this.#context.confirm();
    const key = `${isOrig} ${message.method} ${message.class}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#log.add('stun', { from_client: isOrig, ...message });
  }
}

interface Message {
  readonly method: string;
  readonly class: string;
  readonly user: string | undefined;
  readonly realm: string | undefined;
  readonly software: string | undefined;
  readonly mapped_address: string | undefined;
}

function readStun(bytes: Uint8Array): Message | undefined {
  const cursor = new Cursor(bytes);
  const type = cursor.u16();
  const length = cursor.u16();
  if (cursor.u32() !== cookie || length % 4 !== 0 || length + headerBytes !== bytes.length) return undefined;
  // Two bits of the class stand between those of the method.
  const method = methods[(type & 0x000f) | ((type & 0x00e0) >>> 1) | ((type & 0x3e00) >>> 2)];
  if (type > 0x3fff || method === undefined) return undefined;
  cursor.skip(12);
  const attributes = new Map<number, Uint8Array>();
  while (cursor.left >= 4) {
    const number = cursor.u16();
    const value = cursor.vector(2);
    if (!attributes.has(number)) attributes.set(number, value);
    cursor.skip(Math.min(cursor.left, -value.length & 3));
  }
  const text = (number: number): string | undefined => {
    const value = attributes.get(number);
    return value === undefined ? undefined : wireText(value.subarray(0, maxTextBytes));
  };
  return {
    method,
    class: classes[((type & 0x0010) >>> 4) | ((type & 0x0100) >>> 7)] ?? '',
    user: text(userName),
    realm: text(realm),
    software: text(software),
    mapped_address: addressOf(attributes.get(mappedAddress)),
  };
}

/** XOR-MAPPED-ADDRESS of IPv4 (RFC 8489, 14.2). */
function addressOf(value: Uint8Array | undefined): string | undefined {
  if (value?.length !== 8 || value[1] !== 1) return undefined;
  const cursor = new Cursor(value, 2);
  const port = cursor.u16() ^ (cookie >>> 16);
  const address = Buffer.alloc(4);
  address.writeInt32BE((cursor.u32() | 0) ^ cookie);
  return `${ipv4Text(address)}:${port}`;
}
