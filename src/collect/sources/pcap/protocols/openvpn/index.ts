import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { asBuffer } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'openvpn',
  title: 'OpenVPN',
  description:
    'Tells connections of the OpenVPN protocol by the resets that open them, over UDP and TCP, at any port, as long as these are not encrypted themselves (tls-crypt hides only what is behind them).',
  references: ['https://www.ietf.org/archive/id/draft-openvpn-wire-protocol-00.html'],
  emits: [],
  service: 'openvpn',
  transports: ['udp', 'tcp'],
  ports: [1194],
  recognize: ({ transport, orig, resp }: FirstBytes): Recognition => {
    const client = resetOf(transport, orig);
    if (client === undefined) return orig.length === 0 || (transport === 'tcp' && orig.length < 3) ? 'more' : 'no';
    if (!clientResets.has(client)) return 'no';
    if (resp.length === 0) return 'more';
    return resetOf(transport, resp) === serverReset ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new OpenvpnConnection(context) }),
});

/** Opcodes of hard resets; the lower three bits of their byte are the key, which is 0 at first. */
const clientResets: ReadonlySet<number> = new Set([7, 10]);
const serverReset = 8;
/** A reset has its session, and at most what protects it. */
const minResetBytes = 14;
const maxResetBytes = 400;

/** The opcode of a reset with key 0; over TCP behind the length of the message. */
function resetOf(transport: string, bytes: Uint8Array): number | undefined {
  const length = transport === 'tcp' && bytes.length >= 3 ? asBuffer(bytes).readUInt16BE(0) : bytes.length;
  const first = bytes[transport === 'tcp' ? 2 : 0] ?? 0;
  const isReset = (first & 7) === 0 && (clientResets.has(first >>> 3) || first >>> 3 === serverReset);
  return isReset && length >= minResetBytes && length <= maxResetBytes ? first >>> 3 : undefined;
}

class OpenvpnConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #seen = [false, false];

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  /** Only the first message of each side is looked at. */
  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 0 : 1;
    if (this.#seen[side] === true) return;
    this.#seen[side] = true;
    const reset = resetOf(this.#context.connection.transport, bytes);
    const isExpected = reset !== undefined && (isOrig ? clientResets.has(reset) : reset === serverReset);
    if (!isExpected) this.#context.violation('no OpenVPN reset');
    else if (this.#seen[0] === true && this.#seen[1] === true) this.#context.confirm();
  }
}
