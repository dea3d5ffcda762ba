import type { EventOf } from '../../../../../events/event.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { BerNode } from '../../wire/ber.ts';
import { FramedStream } from '../../wire/framed-stream.ts';
import { describeError, describeReply, describeRequest, isInvitation, messageTag, type Ticket } from './messages.ts';

export const analyzer = defineAnalyzer({
  id: 'kerberos',
  title: 'Kerberos',
  description:
    'Requests to a key distribution centre with their answers: who asked for a ticket to which service, with which cipher, and why it was refused. What is ' +
    'encrypted is not read.',
  references: ['RFC 4120'],
  emits: ['log'],
  service: 'krb',
  transports: ['udp', 'tcp'],
  ports: [88],
  recognize: ({ orig, transport }: FirstBytes): Recognition => {
    const message = BerNode.read(transport === 'tcp' ? orig.subarray(4) : orig);
    const isRequest = message?.tag === messageTag.asRequest || message?.tag === messageTag.tgsRequest;
    return isRequest && describeRequest(message) !== undefined ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new KerberosConnection(context) }),
});

const maxMessageBytes = 65_536;

class KerberosConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #streams: readonly [FramedStream, FramedStream];
  #request: { readonly ticket: Ticket; readonly event: EventOf<'log'> } | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    const stream = (): FramedStream => new FramedStream(4, maxMessageBytes, (bytes) => this.#message(bytes));
    this.#streams = [stream(), stream()];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#context.connection.transport === 'tcp') this.#streams[isOrig ? 0 : 1].data(bytes);
    else this.#message(bytes);
  }

  close(): void {
    if (this.#request !== undefined) this.#context.emit(this.#request.event);
    this.#request = undefined;
  }

  #message(bytes: Uint8Array): void {
    const message = BerNode.read(bytes);
    switch (message?.tag) {
      case messageTag.asRequest:
      case messageTag.tgsRequest:
        this.#begin(describeRequest(message));
        break;
      case messageTag.asReply:
      case messageTag.tgsReply:
        this.#answer(describeReply(message));
        break;
      case messageTag.error:
        this.#answer(describeError(message));
        break;
      case undefined:
      default:
        break;
    }
  }

  #begin(ticket: Ticket | undefined): void {
    if (ticket === undefined) return;
    this.close();
    this.#request = { ticket, event: this.#record(ticket) };
  }

  /** What the answer says counts more than what was asked for. */
  #answer(answer: Ticket | undefined): void {
    if (answer === undefined) return;
    this.#context.confirm();
    if (isInvitation(answer)) {
      this.#request = undefined;
      return;
    }
    const ticket = { ...this.#request?.ticket, ...answer };
    const event = this.#record(ticket);
    if (this.#request !== undefined) {
      event.time = this.#request.event.time;
      event.evidence_at = this.#request.event.evidence_at;
    }
    this.#request = undefined;
    this.#context.emit(event);
  }

  #record(ticket: Ticket): EventOf<'log'> {
    return logRecord(this.#context, 'kerberos', ticket);
  }
}
