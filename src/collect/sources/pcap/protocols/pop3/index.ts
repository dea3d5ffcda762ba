import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { FetchedMail } from '../../mime/fetched-mail.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'pop3',
  title: 'POP3',
  description:
    'One record for each session: who logs in and whether it was let in, how many mails were fetched and deleted. The parts of fetched mails are told as ' +
    'files, STARTTLS is followed; passwords and mails are not kept.',
  references: ['RFC 1939', 'RFC 2449', 'RFC 2595'],
  emits: ['log', 'file_transfer'],
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

/** Longer lines come in pieces. */
const maxLineBytes = 8192;
/** Commands that wait for their answer (RFC 2449, 6.6). */
const maxPending = 100;

/** Commands whose good answer goes on to a line with a dot: always, or when they name no mail. */
const listing: ReadonlySet<string> = new Set(['RETR', 'TOP', 'CAPA']);
const listingAll: ReadonlySet<string> = new Set(['LIST', 'UIDL', 'AUTH']);

interface Command {
  readonly name: string;
  readonly hasArgument: boolean;
}

class Pop3Connection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #requests: LineStream;
  readonly #answers: LineStream;
  readonly #pending: Command[] = [];
  readonly #facts: { user?: string; success?: boolean; failed_logins?: number; retrieved?: number; deleted?: number } =
    {};
  #isGreeted = false;
  #isMultiline = false;
  /** What was said before belongs to the line that comes. */
  #isInsideLine = false;
  /** The server waits for a part of a log-in, which is no command. */
  #isAsked = false;
  #mail: FetchedMail | undefined;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#requests = new LineStream(maxLineBytes, 'drop', (line) => this.#command(line));
    this.#answers = new LineStream(maxLineBytes, 'split', (line, isCut) => this.#answer(line, isCut));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const isEncrypted = (): boolean => this.#inner !== undefined;
    const used = isEncrypted() ? 0 : (isOrig ? this.#requests : this.#answers).data(bytes, isEncrypted);
    if (used < bytes.length) this.#inner?.data(isOrig, bytes.subarray(used));
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#context.lost();
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
    this.#mail?.end();
    this.#mail = undefined;
    if (this.#facts.user === undefined && this.#facts.success === undefined) return;
    const event = logRecord(this.#context, 'pop3', this.#facts);
    event.time = this.#context.connection.startTime;
    event.user_name = this.#facts.user ?? null;
    this.#context.emit(event);
  }

  #command(line: Uint8Array): void {
    const text = wireText(line);
    if (this.#isAsked) {
      this.#isAsked = false;
      if (this.#facts.user === undefined) this.#plainUser(text);
      return;
    }
    const [word = '', argument, initial] = text.split(' ', 3);
    const name = word.toUpperCase();
    if ((name === 'USER' || name === 'APOP') && argument !== undefined) this.#facts.user = argument;
    if (name === 'AUTH' && initial !== undefined) this.#plainUser(initial);
    if (this.#pending.length < maxPending) this.#pending.push({ name, hasArgument: argument !== undefined });
  }

  /** Authorisation, user and password, parted by NUL (RFC 4616). */
  #plainUser(encoded: string): void {
    const [, user] = wireText(Buffer.from(encoded, 'base64')).split('\0');
    if (user !== undefined) this.#facts.user = user;
  }

  #answer(line: Uint8Array, isCut: boolean): void {
    const isLineStart = !this.#isInsideLine;
    this.#isInsideLine = isCut;
    if (this.#isMultiline) this.#listed(line, isCut, isLineStart);
    else if (isLineStart) this.#status(asciiText(line, 0, Math.min(line.length, 4)));
  }

  /** A line of a mail or a list: a dot alone ends it, another one in front of a dot is taken away. */
  #listed(line: Uint8Array, isCut: boolean, isLineStart: boolean): void {
    const isDotted = isLineStart && line[0] === dot;
    if (isDotted && line.length === 1 && !isCut) {
      this.#isMultiline = false;
      this.#mail?.end();
      this.#mail = undefined;
    } else this.#mail?.line(isDotted ? line.subarray(1) : line, isCut);
  }

  #status(text: string): void {
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
    this.#isAsked = !isGood && text.startsWith('+');
    if (!this.#isAsked) this.#answered(this.#pending.shift(), isGood);
  }

  #answered(command: Command | undefined, isGood: boolean): void {
    const facts = this.#facts;
    const name = command?.name ?? '';
    if (name === 'PASS' || name === 'APOP' || (name === 'AUTH' && command?.hasArgument === true)) {
      facts.success = isGood;
      if (!isGood) facts.failed_logins = (facts.failed_logins ?? 0) + 1;
    }
    if (!isGood) return;
    if (name === 'RETR') {
      facts.retrieved = (facts.retrieved ?? 0) + 1;
      this.#mail = new FetchedMail(this.#context, false);
    } else if (name === 'DELE') facts.deleted = (facts.deleted ?? 0) + 1;
    else if (name === 'STLS') this.#inner = this.#context.inner('tls');
    this.#isMultiline = listing.has(name) || (listingAll.has(name) && command?.hasArgument === false);
  }
}

const dot = 46;
