import type { Micros } from '../../../../../base/time.ts';
import { canonicalIp } from '../../../../../base/ip.ts';
import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import type { DnsHeader, DnsMessage } from './message.ts';
import { decodeNetbiosName } from './name.ts';
import { dnsClassName, dnsTypeName, responseCodeName } from '../../../../dns-names.ts';

/** Unmatched messages of one id, and ids with unmatched messages, that one connection keeps (Zeek's bounds). */
const maxPending = 50;

interface Transaction {
  readonly event: EventOf<'dns'>;
  readonly id: number;
  /** When its first message came; `event_duration` counts from here. */
  readonly startTime: Micros;
  sawQuery: boolean;
  sawReply: boolean;
}

/**
 * Pairs the queries and replies of one connection by their id, in the order of arrival, and emits one event for a pair, or for
 * what stayed alone (zeek/zeek scripts/base/protocols/dns/main.zeek). A column stays empty when its message was not seen.
 */
export class DnsTransactions {
  readonly #context: AnalyzerContext;
  readonly #isNetbios: boolean;
  readonly #queries = new Map<number, Transaction[]>();
  readonly #replies = new Map<number, Transaction[]>();

  constructor(context: AnalyzerContext, isNetbios: boolean) {
    this.#context = context;
    this.#isNetbios = isNetbios;
  }

  add(message: DnsMessage): void {
    const { header } = message;
    const transaction = header.isResponse
      ? (this.#take(this.#queries, header.id) ?? this.#begin(this.#replies, header.id))
      : (this.#take(this.#replies, header.id) ?? this.#begin(this.#queries, header.id));
    if (header.isResponse) this.#fillReply(transaction, message);
    else this.#fillQuery(transaction, message);
    this.#fillOther(transaction, header);
    if (transaction.sawQuery && transaction.sawReply) this.#context.emit(transaction.event);
  }

  /** Hands over what found no partner. */
  close(): void {
    this.#flush(this.#queries);
    this.#flush(this.#replies);
  }

  #begin(pending: Map<number, Transaction[]>, id: number): Transaction {
    const event = this.#context.newEvent('dns');
    event.dns_id = id;
    event.dns_authoritative = false;
    event.dns_truncated = false;
    event.dns_recursion_desired = false;
    event.dns_recursion_available = false;
    event.dns_rejected = false;
    const transaction = { event, id, startTime: this.#context.clock.time, sawQuery: false, sawReply: false };
    const queue = pending.get(id);
    if (queue === undefined) {
      if (pending.size > maxPending) this.#flush(pending);
      pending.set(id, [transaction]);
    } else {
      if (queue.length > maxPending) for (const lost of queue.splice(0)) this.#context.emit(lost.event);
      queue.push(transaction);
    }
    return transaction;
  }

  #take(pending: Map<number, Transaction[]>, id: number): Transaction | undefined {
    const queue = pending.get(id);
    const first = queue?.shift();
    if (queue?.length === 0) pending.delete(id);
    return first;
  }

  #flush(pending: Map<number, Transaction[]>): void {
    for (const queue of pending.values()) for (const { event } of queue) this.#context.emit(event);
    pending.clear();
  }

  #fillQuery(transaction: Transaction, { header, questions }: DnsMessage): void {
    const { event } = transaction;
    transaction.sawQuery = true;
    const question = questions.at(-1);
    if (question === undefined) return;
    event.dns_recursion_desired = header.recursionDesired;
    event.dns_truncated = header.truncated;
    event.dns_question_class = dnsClassName(question.dnsClass);
    event.dns_question_type = this.#typeName(question.type);
    event.dns_question_name = this.#nameOf(question.name);
  }

  #fillReply(transaction: Transaction, { header, questions, answers }: DnsMessage): void {
    const { event } = transaction;
    transaction.sawReply = true;
    event.dns_response_code = responseCodeName(header.responseCode);
    const isEmpty = header.answerCount === 0 && header.otherCount === 0;
    if (isEmpty && questions.length > 0) event.dns_rejected = true;
    if (header.responseCode !== 0 && header.questionCount === 0) event.dns_rejected = true;
    const texts: string[] = [];
    const types: string[] = [];
    const lifetimes: string[] = [];
    const addresses: string[] = [];
    for (const { name, type, ttl, text } of answers) {
      if (text === undefined) continue;
      event.dns_question_name ??= this.#nameOf(name);
      if (text === '') continue;
      texts.push(text);
      types.push(this.#typeName(type));
      lifetimes.push(`${ttl}`);
      for (const part of this.#isNetbios ? text.split(' ') : [text]) {
        const address = canonicalIp(part);
        if (address !== undefined) addresses.push(address);
      }
    }
    if (event.dns_question_name === null) {
      const question = questions.at(0);
      if (question !== undefined) event.dns_question_name = this.#nameOf(question.name);
    }
    if (texts.length === 0) return;
    event.dns_authoritative = header.authoritative;
    event.dns_recursion_available = header.recursionAvailable;
    const elapsed = this.#context.clock.time - transaction.startTime;
    if (event.event_duration === null && elapsed !== 0) event.event_duration = elapsed;
    event.dns_answers = texts;
    event.dns_answer_types = types;
    event.dns_answer_ttls = lifetimes;
    event.dns_resolved_ip = addresses;
  }

  /** What has no column and is not the usual: the reserved bits of the query, and the operation. */
  #fillOther({ event }: Transaction, { z, opcode, isResponse }: DnsHeader): void {
    if (!isResponse && (z !== 0 || opcode !== 0)) event.fields = `{"Z":${z},"opcode":${opcode}}`;
    else if (opcode !== 0) event.fields ??= `{"opcode":${opcode}}`;
  }

  #nameOf(name: string): string {
    return this.#isNetbios ? (decodeNetbiosName(name) ?? name) : name;
  }

  #typeName(type: number): string {
    return this.#isNetbios && type === typeNodeStatus ? 'NBSTAT' : dnsTypeName(type);
  }
}

/** SRV elsewhere. */
const typeNodeStatus = 33;
