import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { FramedStream } from '../../wire/framed-stream.ts';
import { readDnsMessage } from './message.ts';
import { recognizeDns } from './recognize.ts';
import { DnsTransactions } from './transactions.ts';

const netbiosPort = 137;
/** Query, notify and update; the rest is obsolete or carries no question. */
const trackedOperations: ReadonlySet<number> = new Set([0, 4, 5]);

export const analyzer = defineAnalyzer({
  id: 'dns',
  title: 'DNS',
  description:
    'DNS over UDP and TCP with EDNS, multicast DNS, LLMNR and the NetBIOS name service: one event for a question and its answer, in ' +
    "the words of Zeek's dns.log. Answers of HTTPS, SVCB, CAA, HINFO and NetBIOS records, which Zeek leaves out, are given too. Authority and additional records are not.",
  references: ['RFC 1035', 'RFC 1002', 'RFC 4795', 'RFC 6762', 'RFC 9460'],
  emits: ['dns'],
  service: 'dns',
  transports: ['udp', 'tcp'],
  ports: [53, netbiosPort, 5353, 5355],
  recognize: (first: FirstBytes): Recognition => recognizeDns(first),
  start: () => ({ attach: (context) => new DnsConnection(context) }),
});

class DnsConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #transactions: DnsTransactions;
  readonly #isNetbios: boolean;
  readonly #streams: readonly [FramedStream, FramedStream] | undefined;
  #isFirst = true;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#isNetbios = context.connection.destinationPort === netbiosPort;
    this.#transactions = new DnsTransactions(context, this.#isNetbios);
    if (context.connection.transport === 'tcp') {
      const stream = (isOrig: boolean): FramedStream =>
        new FramedStream(2, 65_535, (bytes) => this.#message(isOrig, bytes));
      this.#streams = [stream(true), stream(false)];
    }
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#streams === undefined) this.#message(isOrig, bytes);
    else this.#streams[isOrig ? 0 : 1].data(bytes);
  }

  gap(): void {
    if (this.#streams !== undefined) this.#context.lost();
  }

  close(): void {
    this.#transactions.close();
  }

  #message(isOrig: boolean, bytes: Uint8Array): void {
    const message = readDnsMessage(bytes, { isNetbios: this.#isNetbios });
    if (message === undefined) {
      this.#context.violation('shorter than a DNS header');
      return;
    }
    const { header, damage } = message;
    if (this.#isFirst && isOrig && header.isResponse && !isMulticast(this.#context.connection.destinationIp)) {
      this.#context.flipRoles();
    }
    this.#isFirst = false;
    if (damage === undefined) this.#context.confirm();
    else if (message.questions.length === 0 && message.answers.length === 0) {
      this.#context.violation(damage);
      return;
    } else this.#context.problem('bad-record', `a DNS message was read in part: ${damage}`);
    if (trackedOperations.has(header.opcode)) this.#transactions.add(message);
  }
}

function isMulticast(address: string): boolean {
  if (address.includes(':')) return address.startsWith('ff');
  const first = Number.parseInt(address, 10);
  return first >= 224 && first < 240;
}
