import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { asBuffer } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'wireguard',
  title: 'WireGuard',
  description:
    'Tells connections of the WireGuard VPN by the shape of their handshake, at any port. All of it is encrypted.',
  references: ['https://www.wireguard.com/protocol/'],
  emits: [],
  service: 'wireguard',
  transports: ['udp'],
  ports: [51_820],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length === 0) return 'more';
    return orig[0] === initiation && isMessage(orig) ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new WireguardConnection(context) }),
});

const initiation = 1;
const response = 2;
const data = 4;
/** Lengths of the messages that have one, by type. */
const lengths: Readonly<Record<number, number>> = { [initiation]: 148, [response]: 92, 3: 64 };

/** A type, three zero bytes, and the length that belongs to it; content is padded to 16 bytes. */
function isMessage(bytes: Uint8Array): boolean {
  if (bytes.length < 32 || asBuffer(bytes).readUIntBE(1, 3) !== 0) return false;
  const type = bytes[0] ?? 0;
  return type === data ? bytes.length % 16 === 0 : lengths[type] === bytes.length;
}

class WireguardConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  /** Confirmed by the answer to a handshake: a datagram alone may look like anything. */
  data(_isOrig: boolean, bytes: Uint8Array): void {
    if (!isMessage(bytes)) this.#context.violation('no WireGuard message');
    else if (bytes[0] === response) this.#context.confirm();
  }
}
