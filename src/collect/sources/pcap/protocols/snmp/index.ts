import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { BerNode } from '../../wire/ber.ts';

export const analyzer = defineAnalyzer({
  id: 'snmp',
  title: 'SNMP',
  description:
    'SNMP 1 and 2c with their community, and 3 by its version: one record for each connection with the number of requests of each kind.',
  references: ['RFC 1157', 'RFC 3416', 'RFC 3412'],
  emits: ['log'],
  service: 'snmp',
  transports: ['udp'],
  ports: [161, 162],
  recognize: ({ orig, resp }: FirstBytes): Recognition =>
    readSnmp(orig.length > 0 ? orig : resp) === undefined ? 'no' : 'match',
  start: () => ({ attach: (context) => new SnmpConnection(context) }),
});

const versions: Readonly<Record<number, string>> = { 0: '1', 1: '2c', 3: '3' };
/** Names of Zeek's counters by the tag of the PDU. */
const counters: Readonly<Record<number, string>> = {
  0xa0: 'get_requests',
  0xa1: 'get_requests',
  0xa2: 'get_responses',
  0xa3: 'set_requests',
  0xa4: 'traps',
  0xa5: 'get_bulk_requests',
  0xa6: 'informs',
  0xa7: 'traps',
};

interface SnmpMessage {
  readonly version: string;
  readonly community: string | undefined;
  readonly counter: string | undefined;
}

function readSnmp(bytes: Uint8Array): SnmpMessage | undefined {
  const message = BerNode.read(bytes);
  if (message?.tag !== 0x30) return undefined;
  const [number, second, pdu] = message.children;
  const version = number?.tag === 2 ? versions[number.number ?? -1] : undefined;
  if (version === undefined || second === undefined) return undefined;
  if (version === '3') return second.tag === 0x30 ? { version, community: undefined, counter: undefined } : undefined;
  const counter = pdu === undefined ? undefined : counters[pdu.tag];
  if (second.tag !== 4 || counter === undefined) return undefined;
  return { version, community: second.text, counter };
}

class SnmpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #counts: Record<string, number> = {};
  #event: ReturnType<typeof logRecord> | undefined;
  #facts: { version?: string; community?: string } = {};

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(_isOrig: boolean, bytes: Uint8Array): void {
    const message = readSnmp(bytes);
    if (message === undefined) {
      this.close();
      this.#context.violation('no SNMP message');
      return;
    }
    this.#context.confirm();
    this.#event ??= logRecord(this.#context, 'snmp', {});
    this.#facts.version ??= message.version;
    if (message.community !== undefined) this.#facts.community ??= message.community;
    if (message.counter !== undefined) this.#counts[message.counter] = (this.#counts[message.counter] ?? 0) + 1;
  }

  close(): void {
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    event.fields = JSON.stringify({ ...this.#facts, ...this.#counts });
    this.#context.emit(event);
  }
}
