import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { hexText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'ike',
  title: 'IKE',
  description:
    'IKE 1 and 2 (ISAKMP), also behind NAT traversal: SPIs, kind of exchange, payloads and vendor ids of each message. What is encrypted is not read.',
  references: ['RFC 2408', 'RFC 2409', 'RFC 7296', 'RFC 3948'],
  emits: ['log'],
  service: 'ike',
  transports: ['udp'],
  ports: [500, 4500],
  recognize: ({ orig, origPort, respPort }: FirstBytes): Recognition => {
    const isUsual = [origPort, respPort].some((port) => port === 500 || port === 4500);
    return isUsual && readIke(orig) !== undefined ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new IkeConnection(context) }),
});

const maxRecords = 50;
const maxPayloads = 32;
const headerBytes = 28;
const vendorPayloads: ReadonlySet<number> = new Set([13, 43]);
/** Payloads of IKE 2 whose content is encrypted. */
const encryptedPayload = 46;

/** IKE 1 (RFC 2408, 3.1) and IKE 2 (RFC 7296, 3.1). */
const exchanges: Readonly<Record<number, string>> = {
  1: 'base',
  2: 'identity protection (main)',
  3: 'authentication only',
  4: 'aggressive',
  5: 'informational',
  6: 'transaction',
  32: 'quick mode',
  33: 'new group mode',
  34: 'IKE_SA_INIT',
  35: 'IKE_AUTH',
  36: 'CREATE_CHILD_SA',
  37: 'INFORMATIONAL',
};

class IkeConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const message = readIke(bytes);
    if (message === undefined) {
      // Beside IKE the port of NAT traversal carries ESP and keep-alives.
      if (this.#context.connection.destinationPort !== 4500) this.#context.violation('no IKE message');
      return;
    }
    this.#context.confirm();
    this.#log.add('ike', { from_client: isOrig, ...message });
  }
}

function readIke(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  // Four zeros tell IKE from ESP behind NAT traversal (RFC 3948, 2.2); the SPI of an initiator is never 0.
  const isMarked = bytes.length > 4 && new Cursor(bytes).u32() === 0;
  const cursor = new Cursor(bytes, isMarked ? 4 : 0);
  const start = cursor.position;
  const initiator = cursor.take(8);
  const responder = cursor.take(8);
  const first = cursor.u8();
  const version = cursor.u8();
  const exchange = exchanges[cursor.u8()];
  const flags = cursor.u8();
  const id = cursor.u32();
  const length = cursor.u32();
  const isKnown = version === 0x10 || version === 0x20;
  if (!isKnown || exchange === undefined || length < headerBytes || start + length !== bytes.length) return undefined;
  const isEncrypted = version === 0x10 && (flags & 1) !== 0;
  const { payloads, vendors } = isEncrypted ? { payloads: [], vendors: [] } : readPayloads(cursor, first);
  return {
    version_major: version >>> 4,
    exchange_type: exchange,
    init_spi: hexText(initiator),
    resp_spi: hexText(responder),
    message_id: id,
    is_encrypted: isEncrypted || payloads.includes(encryptedPayload),
    payloads,
    vendor_ids: vendors.length === 0 ? undefined : vendors,
  };
}

/** Numbers of the payloads, which form a chain, and what vendors say of themselves. */
function readPayloads(cursor: Cursor, first: number): { payloads: number[]; vendors: string[] } {
  const payloads: number[] = [];
  const vendors: string[] = [];
  let next = first;
  while (next !== 0 && cursor.left >= 4 && payloads.length < maxPayloads) {
    payloads.push(next);
    const following = cursor.u8();
    cursor.skip(1);
    const length = cursor.u16();
    if (next === encryptedPayload || length < 4) break;
    const content = cursor.take(length - 4);
    if (vendorPayloads.has(next)) vendors.push(hexText(content.subarray(0, 64)));
    next = following;
  }
  return { payloads, vendors };
}
