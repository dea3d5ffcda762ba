import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { NtlmLogin } from '../../ntlm.ts';
import { MessageCutter } from '../../wire/message-cutter.ts';
import { interfaceName, operationName } from './interfaces.ts';
import { offeredContexts, pduLength, pduType, readPdu, secondaryAddress, shortAt, type Pdu } from './pdu.ts';

export const analyzer = defineAnalyzer({
  id: 'dce-rpc',
  title: 'DCE/RPC',
  description:
    'Calls of Windows over TCP and in pipes of SMB: interface and operation of each, such as the making of services and tasks, of accounts, or the replication of ' +
    'a directory; log-ins by NTLM. Arguments are not read.',
  references: [
    'https://pubs.opengroup.org/onlinepubs/9629399/',
    'https://learn.microsoft.com/openspecs/windows_protocols/ms-rpce',
  ],
  emits: ['log'],
  service: 'dce_rpc',
  transports: ['tcp'],
  ports: [135],
  recognize: ({ orig }: FirstBytes): Recognition => {
    const length = pduLength(orig);
    if (length === 'more') return 'more';
    return length !== 'bad' && orig[1] === 0 && orig[2] === pduType.bind ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new DceRpcConnection(context) }),
});

/** Of a message only its head is looked at; what authenticates stands at the end of a bind. */
const maxMessageBytes = 16_384;
/** Interfaces of one connection, and calls that wait for their answer. */
const maxContexts = 200;
const maxPending = 200;
const maxRecords = 5000;

interface Call {
  readonly time: number;
  readonly packet: number;
  readonly uuid: string;
  readonly operation: number;
}

class DceRpcConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #login: NtlmLogin;
  readonly #sides: readonly [MessageCutter, MessageCutter];
  readonly #interfaces = new Map<number, string>();
  readonly #pending = new Map<number, Call>();
  #pipe: string;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    this.#login = new NtlmLogin(context);
    this.#pipe = String(context.connection.destinationPort);
    this.#sides = [this.#cutter(), this.#cutter()];
  }

  #cutter(): MessageCutter {
    return new MessageCutter(maxMessageBytes, pduLength, (message) => {
      const pdu = readPdu(message);
      if (pdu !== undefined) this.#pdu(pdu);
    });
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#sides[isOrig ? 0 : 1].data(bytes)) this.#context.violation('no DCE/RPC message');
  }

  gap(): void {
    this.#context.lost();
  }

  close(): void {
    for (const call of this.#pending.values()) this.#tell(call, undefined);
    this.#pending.clear();
  }

  #pdu(pdu: Pdu): void {
    switch (pdu.type) {
      case pduType.bind:
      case pduType.alterContext:
        for (const [id, uuid] of offeredContexts(pdu)) {
          if (this.#interfaces.size < maxContexts) this.#interfaces.set(id, uuid);
        }
        this.#login.request(pdu.body);
        break;
      case pduType.bindAck: {
        this.#context.confirm();
        const address = secondaryAddress(pdu);
        if (address !== '') this.#pipe = address;
        this.#login.challenge(pdu.body);
        break;
      }
      case pduType.auth3:
        this.#login.request(pdu.body);
        break;
      case pduType.request:
        this.#request(pdu);
        break;
      case pduType.response:
      case pduType.fault:
        this.#answer(pdu);
        break;
      default:
        break;
    }
  }

  #request(pdu: Pdu): void {
    const uuid = this.#interfaces.get(shortAt(pdu, 4));
    if (!pdu.isFirst || uuid === undefined || this.#pending.size >= maxPending) return;
    const { time, packet } = this.#context.clock;
    this.#pending.set(pdu.callId, { time, packet, uuid, operation: shortAt(pdu, 6) });
  }

  /** A log-in has no answer of its own: that a call is answered shows that it was let in. */
  #answer(pdu: Pdu): void {
    const call = this.#pending.get(pdu.callId);
    if (call === undefined) return;
    this.#pending.delete(pdu.callId);
    this.#login.outcome(pdu.type === pduType.response);
    this.#tell(call, (this.#context.clock.time - call.time) / 1e6);
  }

  #tell({ time, packet, uuid, operation }: Call, rtt: number | undefined): void {
    const facts = {
      rtt,
      named_pipe: this.#pipe,
      endpoint: interfaceName(uuid),
      operation: operationName(uuid, operation),
    };
    this.#log.add('dce_rpc', facts, (event) => {
      event.time = time;
      event.evidence_at = packet;
    });
  }
}
