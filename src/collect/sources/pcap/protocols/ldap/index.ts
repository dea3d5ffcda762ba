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
import { SecurityLayer } from './security-layer.ts';
import { describeRequest, describeUnseen, isRequest, startTlsName, type LdapRequest } from './request.ts';

export const analyzer = defineAnalyzer({
  id: 'ldap',
  title: 'LDAP',
  description:
    'Requests of LDAP 3 with their results: binds, searches (`ldap_search`) and changes, as one record each. Passwords are not kept. Behind StartTLS, TLS is ' +
    'read; of what SASL protects only what Kerberos signs and does not encrypt.',
  references: ['RFC 4511'],
  emits: ['log'],
  service: 'ldap_tcp',
  transports: ['tcp', 'udp'],
  ports: [389, 3268],
  recognize: recognizeLdap,
  start: () => ({ attach: (context) => new LdapConnection(context) }),
});

/** Requests that wait for their result, and their bytes: a filter alone may have 64 KB. */
const maxPending = 1000;
const maxPendingBytes = 262_144;

interface Pending {
  readonly request: LdapRequest;
  readonly event: EventOf<'log'>;
  /** Size of the request. */
  readonly bytes: number;
  results: number;
}

class LdapConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #streams: readonly [BerStream, BerStream];
  readonly #pending = new Map<number, Pending>();
  #pendingBytes = 0;
  #inner: ConnectionAnalyzer | undefined;
  #isDone = false;
  /** A SASL bind succeeded: what follows may stand in its security layer. */
  #secured: readonly [SecurityLayer, SecurityLayer] | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    const stream = (): BerStream => new BerStream(sequenceTag, (bytes) => this.#message(bytes));
    this.#streams = [stream(), stream()];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner !== undefined) this.#inner.data(isOrig, bytes);
    else if (!this.#isDone && !(this.#secured ?? this.#streams)[isOrig ? 0 : 1].data(bytes)) {
      this.#end('no LDAP message');
    }
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#context.lost();
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    for (const [id, pending] of this.#pending) this.#finish(id, pending, {});
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
    if (isRequest(operation.tag)) this.#request(id, operation, bytes.length);
    else this.#response(id, operation);
  }

  #request(id: number, operation: BerNode, bytes: number): void {
    const request = describeRequest(operation);
    if (request === undefined) return;
    const pending = this.#begin(id, request, bytes);
    if (request.isLast === true && pending !== undefined) {
      this.#pending.delete(id);
      this.#finish(id, pending, {});
    }
  }

  /** Undefined when more requests wait than are held. */
  #begin(id: number, request: LdapRequest, bytes: number): Pending | undefined {
    if (this.#pending.size >= maxPending || this.#pendingBytes + bytes > maxPendingBytes) return undefined;
    const event = logRecord(this.#context, request.log, {});
    event.user_name = request.userName ?? null;
    const pending = { request, event, bytes, results: 0 };
    this.#pendingBytes += bytes - (this.#pending.get(id)?.bytes ?? 0);
    this.#pending.set(id, pending);
    return pending;
  }

  #response(id: number, operation: BerNode): void {
    const unseen = this.#pending.has(id) ? undefined : describeUnseen(operation.tag);
    const pending = unseen === undefined ? this.#pending.get(id) : this.#begin(id, unseen, 0);
    if (pending === undefined) return;
    if (operation.tag === searchEntry) {
      pending.results++;
      return;
    }
    const code = operation.at(0)?.number;
    if (operation.tag === searchReference || operation.tag === intermediate || code === undefined) return;
    this.#pending.delete(id);
    const diagnostic = operation.at(2)?.text;
    this.#finish(id, pending, {
      result: resultName(code),
      diagnostic_message: diagnostic === '' ? undefined : diagnostic,
    });
    const { request } = pending;
    if (request.extension === startTlsName && code === 0) this.#inner = this.#context.inner('tls');
    if (request.fields['opcode'] === 'bind SASL' && code === 0) {
      const layer = (): SecurityLayer => new SecurityLayer((bytes) => this.#message(bytes));
      this.#secured = [layer(), layer()];
    }
  }

  #finish(id: number, { request, event, bytes, results }: Pending, outcome: object): void {
    this.#pendingBytes -= bytes;
    const found = request.log === 'ldap_search' ? { result_count: results } : {};
    event.fields = JSON.stringify({ message_id: id, ...request.fields, ...outcome, ...found });
    this.#context.emit(event);
  }
}

const sequenceTag = 0x30;
const searchEntry = 0x64;
const searchReference = 0x73;
const intermediate = 0x79;

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
