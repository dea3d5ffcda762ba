import type { EventOf } from '../../../../../events/event.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { HeaderLines, headerValue, type Header } from '../../mime/headers.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'sip',
  title: 'SIP',
  description:
    'Requests of SIP over UDP and TCP with their final answers: who calls whom, from which program. Media are not read.',
  references: ['RFC 3261'],
  emits: ['log'],
  service: 'sip',
  transports: ['udp', 'tcp'],
  ports: [5060],
  recognize: recognizeSip,
  start: () => ({ attach: (context) => new SipConnection(context) }),
});

const maxLineBytes = 8192;
const maxHeaderBytes = 32_768;
/** Requests that wait for their answer. */
const maxPending = 100;

/** Short forms of header names (RFC 3261, 7.3.3). */
const shortNames: Readonly<Record<string, string>> = {
  I: 'CALL-ID',
  F: 'FROM',
  T: 'TO',
  S: 'SUBJECT',
  L: 'CONTENT-LENGTH',
  C: 'CONTENT-TYPE',
  V: 'VIA',
};

interface Request {
  readonly event: EventOf<'log'>;
  readonly facts: Readonly<Record<string, unknown>>;
}

class SipConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #streams: readonly [SipStream, SipStream];
  readonly #pending = new Map<string, Request>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    const stream = (): SipStream => new SipStream((startLine, headers) => this.#message(startLine, headers));
    this.#streams = [stream(), stream()];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const stream = this.#streams[isOrig ? 0 : 1];
    stream.data(bytes);
    // A datagram holds whole messages.
    if (this.#context.connection.transport === 'udp') stream.reset();
  }

  close(): void {
    for (const { event } of this.#pending.values()) this.#context.emit(event);
    this.#pending.clear();
  }

  #message(startLine: string, headers: readonly Header[]): void {
    const value = (name: string): string | undefined =>
      headerValue(headers, name) ?? headers.find((header) => shortNames[header.name] === name)?.value;
    const path = (): string[] =>
      headers
        .filter((header) => header.name === 'VIA' || shortNames[header.name] === 'VIA')
        .map((header) => withoutParameter(header.value, 'branch') ?? '');
    const key = `${value('CALL-ID') ?? ''} ${value('CSEQ') ?? ''}`;
    const status = /^SIP\/2\.0 (?<code>\d{3}) ?(?<reason>.*)$/.exec(startLine)?.groups;
    if (status !== undefined) {
      this.#answer(key, Number(status['code']), {
        status_msg: status['reason'] ?? '',
        response_from: withoutParameter(value('FROM'), 'tag'),
        response_to: value('TO'),
        response_path: path(),
        response_body_len: lengthOf(value('CONTENT-LENGTH')),
        content_type: value('CONTENT-TYPE'),
        warning: value('WARNING'),
        response_user_agent: value('USER-AGENT') ?? value('SERVER'),
      });
      return;
    }
    const request = /^(?<method>[A-Z]{3,20}) (?<uri>\S+) SIP\/2\.0$/.exec(startLine)?.groups;
    if (request === undefined) return;
    this.#context.confirm();
    if (this.#pending.size >= maxPending) this.close();
    const facts = {
      // Zeek counts from the first request that is open, which is always this one.
      trans_depth: 0,
      method: request['method'],
      uri: request['uri'],
      date: value('DATE'),
      request_from: withoutParameter(value('FROM'), 'tag'),
      request_to: value('TO'),
      call_id: value('CALL-ID'),
      seq: value('CSEQ'),
      subject: value('SUBJECT'),
      reply_to: value('REPLY-TO'),
      request_path: path(),
      user_agent: value('USER-AGENT'),
      request_body_len: lengthOf(value('CONTENT-LENGTH')),
    };
    this.#pending.set(key, { event: logRecord(this.#context, 'sip', facts), facts });
  }

  #answer(key: string, code: number, answer: Readonly<Record<string, unknown>>): void {
    this.#context.confirm();
    const request = this.#pending.get(key);
    if (request === undefined || code < 200) return;
    this.#pending.delete(key);
    request.event.fields = JSON.stringify({ ...request.facts, status_code: code, ...answer });
    this.#context.emit(request.event);
  }
}

/** A header without what it says from a parameter on: the tag of a dialogue, the branch of a way. */
function withoutParameter(value: string | undefined, name: 'tag' | 'branch'): string | undefined {
  const at = value?.search(name === 'tag' ? /; ?tag=/ : /; ?branch/) ?? -1;
  return at < 0 ? value : value?.slice(0, at);
}

function lengthOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** Cuts one side into messages; bodies are passed over by their length. */
class SipStream {
  readonly #onMessage: (startLine: string, headers: readonly Header[]) => void;
  readonly #lines: LineStream;
  readonly #headers = new HeaderLines(maxHeaderBytes);
  #startLine = '';
  #bodyLeft = 0;

  constructor(onMessage: (startLine: string, headers: readonly Header[]) => void) {
    this.#onMessage = onMessage;
    this.#lines = new LineStream(maxLineBytes, 'drop', (line) => this.#line(line));
  }

  data(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, bytes.length - at);
        this.#bodyLeft -= skipped;
        at += skipped;
      } else at += this.#lines.data(bytes.subarray(at), () => this.#bodyLeft > 0);
    }
  }

  /** Ends a message that is not complete. */
  reset(): void {
    this.#lines.end();
    if (this.#startLine !== '') this.#endHeaders();
    this.#bodyLeft = 0;
  }

  #line(line: Uint8Array): void {
    if (this.#startLine === '') this.#startLine = wireText(line).trim();
    else if (line.length > 0) this.#headers.add(line);
    else this.#endHeaders();
  }

  #endHeaders(): void {
    const headers = this.#headers.take();
    const startLine = this.#startLine;
    this.#startLine = '';
    const length = headerValue(headers, 'CONTENT-LENGTH') ?? headerValue(headers, 'L');
    this.#bodyLeft = length !== undefined && /^\d{1,8}$/.test(length) ? Number(length) : 0;
    this.#onMessage(startLine, headers);
  }
}

function recognizeSip({ orig, resp, transport }: FirstBytes): Recognition {
  const text = asciiText(orig.length > 0 ? orig : resp);
  const line = text.split('\n', 1)[0] ?? '';
  if (/^(?:[A-Z]{3,20} \S+ SIP\/2\.0|SIP\/2\.0 \d{3}.*)\r?$/.test(line)) return 'match';
  return transport === 'tcp' && !text.includes('\n') && /^[A-Z/]/.test(line) ? 'more' : 'no';
}
