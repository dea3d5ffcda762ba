import { canonicalIp } from '../../../../../base/ip.ts';
import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import { AttachmentSink } from '../../mime/attachment-sink.ts';
import { EntityReader, type EntitySink } from '../../mime/entity-reader.ts';
import { fileNameIn, type Header } from '../../mime/headers.ts';
import { ipAddressesIn, mailAddressesIn, mailboxesIn } from './addresses.ts';

/** Zeek's bounds for the lists of one mail. */
const maxEntries = 1000;

/** One mail transaction as one `smtp` event (zeek/zeek scripts/base/protocols/smtp/main.zeek). */
export class Mail {
  readonly event: EventOf<'smtp'>;
  readonly #context: AnalyzerContext;
  readonly #path: string[];
  readonly #received: { first_received?: string; second_received?: string } = {};
  readonly #depth: number;
  #inReplyTo: string | undefined;
  #entity: EntityReader | undefined;
  #entityCount = 0;
  /** The client did something that is worth an event. */
  hasClientActivity = false;

  constructor(context: AnalyzerContext, depth: number, helo: string | undefined) {
    this.#context = context;
    this.#depth = depth;
    this.event = context.newEvent('smtp');
    this.event.smtp_helo = helo ?? null;
    this.event.smtp_tls = false;
    this.#path = [context.connection.destinationIp, context.connection.sourceIp];
  }

  mailFrom(argument: string): void {
    const [address] = mailAddressesIn(argument);
    if (address !== undefined) this.event.email_sender = address;
    this.hasClientActivity = true;
  }

  recipient(argument: string): void {
    const known = this.event.email_recipients ?? [];
    const added = mailAddressesIn(argument).map((address) => address.replaceAll(/ORCPT=rfc822;?/g, ''));
    this.event.email_recipients = union(known, added);
    this.hasClientActivity = true;
  }

  /** A line of the message, without its end and without the point that was added before one. */
  contentLine(line: Uint8Array, isCut: boolean): void {
    this.#reader().line(line, isCut);
  }

  /** Bytes of the message that are not cut into lines (BDAT). */
  content(bytes: Uint8Array): void {
    this.#reader().data(bytes);
  }

  contentEnd(): void {
    this.#entity?.end();
    this.#entity = undefined;
  }

  emit(): void {
    this.contentEnd();
    this.event.smtp_path = this.#path;
    this.event.fields = JSON.stringify({ trans_depth: this.#depth, in_reply_to: this.#inReplyTo, ...this.#received });
    this.#context.emit(this.event);
  }

  #reader(): EntityReader {
    this.#entity ??= new EntityReader((headers, _depth, isLeaf) => this.#openEntity(headers, isLeaf));
    return this.#entity;
  }

  #openEntity(headers: readonly Header[], isLeaf: boolean): EntitySink | undefined {
    this.#entityCount++;
    if (this.#entityCount === 1) for (const header of headers) this.#header(header);
    if (!isLeaf) return undefined;
    const name = fileNameIn(headers);
    if (name !== undefined) this.#attachment(name);
    const facts = { isOrig: true, depth: this.#entityCount, ...(name === undefined ? {} : { name }) };
    return new AttachmentSink(this.#context, facts, {
      opened: (uid) => {
        this.event.file_uids = [...(this.event.file_uids ?? []), uid].slice(0, maxEntries);
      },
      named: (inner) => this.#attachment(inner),
    });
  }

  #attachment(name: string): void {
    this.event.email_attachments = union(this.event.email_attachments ?? [], [name]);
  }

  #header({ name, value }: Header): void {
    const { event } = this;
    switch (name) {
      case 'MESSAGE-ID':
        event.email_message_id = value;
        break;
      case 'RECEIVED':
        this.#receivedHeader(value);
        break;
      case 'IN-REPLY-TO':
        this.#inReplyTo = value;
        break;
      case 'SUBJECT':
        event.email_subject = value;
        break;
      case 'FROM':
        event.email_from = value;
        break;
      case 'REPLY-TO':
        event.email_reply_to = value;
        break;
      case 'DATE':
        event.email_date = value;
        break;
      case 'TO':
        event.email_to = union(event.email_to ?? [], mailboxesIn(value));
        break;
      case 'CC':
        event.email_cc = union(event.email_cc ?? [], mailboxesIn(value));
        break;
      case 'X-ORIGINATING-IP':
        event.originating_ip = ipAddressesIn(value, false, canonicalIp)[0] ?? event.originating_ip;
        break;
      case 'X-MAILER':
      case 'USER-AGENT':
      case 'X-USER-AGENT':
        event.email_x_mailer = value;
        break;
      default:
        break;
    }
  }

  /** Each host that passed the mail on writes where it came from: the address of the header's second one, or its only one. */
  #receivedHeader(value: string): void {
    if (this.#received.first_received !== undefined) this.#received.second_received = this.#received.first_received;
    this.#received.first_received = value;
    const addresses = ipAddressesIn(value, true, canonicalIp);
    const address = addresses[1] ?? addresses[0];
    if (address !== undefined && this.#path.at(-1) !== address && this.#path.length < maxEntries) {
      this.#path.push(address);
    }
  }
}

function union(known: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...known, ...added])].slice(0, maxEntries);
}
