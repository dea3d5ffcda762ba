import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'pop3',
  title: 'POP3',
  description:
    'One record for each session: who logs in and whether it was let in, how many mails were fetched and deleted. STARTTLS is followed; passwords and mails are not kept.',
  references: ['RFC 1939', 'RFC 2449', 'RFC 2595'],
  emits: ['log'],
  service: 'pop3',
  transports: ['tcp'],
  ports: [110],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    if (resp.length === 0 || orig.length === 0) return 'more';
    const isReady = /^\+OK[ \r\n]/.test(asciiText(resp, 0, 8));
    return isReady && /^(?:USER|APOP|CAPA|AUTH|STLS|QUIT)[ \r\n]/i.test(asciiText(orig, 0, 8)) ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new Pop3Connection(context) }),
});

const maxLineBytes = 1024;
/** Commands that wait for their answer (RFC 2449, 6.6). */
const maxPending = 100;

class Pop3Connection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #requests: LineStream;
  readonly #answers: LineStream;
  readonly #pending: string[] = [];
  readonly #facts: { user?: string; success?: boolean; failed_logins?: number; retrieved?: number; deleted?: number } =
    {};
  #isGreeted = false;
  #isMultiline = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#requests = new LineStream(maxLineBytes, 'drop', (line) => this.#command(line));
    this.#answers = new LineStream(maxLineBytes, 'drop', (line) => this.#answer(line));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const isEncrypted = (): boolean => this.#inner !== undefined;
    const used = isEncrypted() ? 0 : (isOrig ? this.#requests : this.#answers).data(bytes, isEncrypted);
    if (used < bytes.length) this.#inner?.data(isOrig, bytes.subarray(used));
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#context.violation('bytes of the stream are missing');
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
    if (this.#facts.user === undefined && this.#facts.success === undefined) return;
    const event = logRecord(this.#context, 'pop3', this.#facts);
    event.time = this.#context.connection.startTime;
    event.user_name = this.#facts.user ?? null;
    this.#context.emit(event);
  }

  #command(line: Uint8Array): void {
    const [name = '', argument] = wireText(line).split(' ', 2);
    const command = name.toUpperCase();
    if ((command === 'USER' || command === 'APOP') && argument !== undefined) this.#facts.user = argument;
    if (this.#pending.length < maxPending) this.#pending.push(command);
  }

  #answer(line: Uint8Array): void {
    const text = asciiText(line, 0, Math.min(line.length, 4));
    if (this.#isMultiline) {
      this.#isMultiline = text !== '.';
      return;
    }
    const isGood = text.startsWith('+OK');
    if (!isGood && !text.startsWith('-ERR') && !text.startsWith('+')) {
      this.#context.violation('no POP3 answer');
      return;
    }
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      return;
    }
    this.#context.confirm();
    this.#answered(this.#pending.shift() ?? '', isGood);
  }

  #answered(command: string, isGood: boolean): void {
    const facts = this.#facts;
    if (command === 'PASS' || command === 'APOP') {
      facts.success = isGood;
      if (!isGood) facts.failed_logins = (facts.failed_logins ?? 0) + 1;
    }
    if (!isGood) return;
    if (command === 'RETR') facts.retrieved = (facts.retrieved ?? 0) + 1;
    else if (command === 'DELE') facts.deleted = (facts.deleted ?? 0) + 1;
    else if (command === 'STLS') this.#inner = this.#context.inner('tls');
    this.#isMultiline = command === 'RETR' || command === 'TOP' || command === 'CAPA';
  }
}
