import type { EventOf } from '../../../../../events/event.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { BerStream } from '../../wire/ber-stream.ts';
import { BerNode } from '../../wire/ber.ts';
import { resultName } from './names.ts';
import { describeRequest, isRequest, startTlsName, type LdapRequest } from './request.ts';

export const analyzer = defineAnalyzer({
  id: 'ldap',
  title: 'LDAP',
  description:
    'Requests of LDAP 3 with their results: binds, searches (`ldap_search`) and changes, as one record each. Passwords are not kept. Behind StartTLS, TLS is ' +
    'read; what SASL encrypts is not.',
  references: ['RFC 4511'],
  emits: ['log'],
  service: 'ldap_tcp',
  transports: ['tcp', 'udp'],
  ports: [389, 3268],
  recognize: recognizeLdap,
  start: () => ({ attach: (context) => new LdapConnection(context) }),
});

/** Requests that wait for their result. */
const maxPending = 1000;

interface Pending {
  readonly request: LdapRequest;
  readonly event: EventOf<'log'>;
  results: number;
}

class LdapConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #streams: readonly [BerStream, BerStream];
  readonly #pending = new Map<number, Pending>();
  #inner: ConnectionAnalyzer | undefined;
  #isDone = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    const stream = (): BerStream => new BerStream(sequenceTag, (bytes) => this.#message(bytes));
    this.#streams = [stream(), stream()];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner !== undefined) this.#inner.data(isOrig, bytes);
    else if (!this.#isDone && !this.#streams[isOrig ? 0 : 1].data(bytes)) this.#end('no LDAP message');
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#end('bytes of the stream are missing');
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    for (const { event } of this.#pending.values()) this.#context.emit(event);
    this.#pending.clear();
    this.#inner?.close?.();
  }

  #end(reason: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.close();
    this.#context.violation(reason);
  }

  #message(bytes: Uint8Array): void {
    if (this.#isDone || this.#inner !== undefined) return;
    const message = BerNode.read(bytes);
    const id = message?.at(0)?.number;
    const operation = message?.at(1);
    if (message === undefined || id === undefined || operation === undefined) {
      this.#end('no LDAP message');
      return;
    }
    this.#context.confirm(this.#context.connection.transport === 'udp' ? 'ldap_udp' : 'ldap_tcp');
    if (isRequest(operation.tag)) this.#request(id, operation);
    else this.#response(id, operation);
  }

  #request(id: number, operation: BerNode): void {
    const request = describeRequest(operation);
    if (request === undefined || this.#pending.size >= maxPending) return;
    const event = logRecord(this.#context, request.log, { message_id: id, ...request.fields });
    event.user_name = request.userName ?? null;
    this.#pending.set(id, { request, event, results: 0 });
  }

  #response(id: number, operation: BerNode): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    if (operation.tag === searchEntry) {
      pending.results++;
      return;
    }
    const code = operation.at(0)?.number;
    if (operation.tag === searchReference || code === undefined) return;
    this.#pending.delete(id);
    const { request, event, results } = pending;
    const outcome = {
      result: resultName(code),
      diagnostic_message: operation.at(2)?.text === '' ? undefined : operation.at(2)?.text,
      result_count: request.log === 'ldap_search' ? results : undefined,
    };
    event.fields = JSON.stringify({ message_id: id, ...request.fields, ...outcome });
    this.#context.emit(event);
    if (request.extension === startTlsName && code === 0) this.#inner = this.#context.inner('tls');
  }
}

const sequenceTag = 0x30;
const searchEntry = 0x64;
const searchReference = 0x73;

/** A SEQUENCE with a message id and a bind, search or extended request. */
function recognizeLdap({ orig, transport }: FirstBytes): Recognition {
  if (orig.length === 0) return 'more';
  if (orig[0] !== sequenceTag) return 'no';
  if (orig.length < 12) return transport === 'tcp' ? 'more' : 'no';
  const message = BerNode.read(orig);
  const id = message?.at(0);
  const operation = message?.at(1);
  if (message === undefined) return orig.length < 512 ? 'more' : 'no';
  const isIn = id?.tag === 2 && (id.number ?? 0) > 0 && operation !== undefined;
  return isIn && [0x60, 0x63, 0x77].includes(operation.tag) && describeRequest(operation) !== undefined
    ? 'match'
    : 'no';
}
