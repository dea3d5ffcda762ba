import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { wireText } from '../../wire/text.ts';
import { Mail } from './mail.ts';
import { recognizeSmtp } from './recognize.ts';

export const analyzer = defineAnalyzer({
  id: 'smtp',
  title: 'SMTP',
  description:
    'SMTP with pipelining, BDAT and STARTTLS, behind which TLS is read: one event for each mail with its envelope, headers and the path that it took. Parts of ' +
    'a mail are handed on as files, decoded from Base64 and quoted-printable.',
  references: ['RFC 5321', 'RFC 5322', 'RFC 3030', 'RFC 3207', 'RFC 2045'],
  emits: ['smtp'],
  service: 'smtp',
  transports: ['tcp'],
  ports: [25, 587],
  recognize: recognizeSmtp,
  start: () => ({ attach: (context) => new SmtpConnection(context) }),
});

/** Longer lines of a mail are handed on in pieces; longer commands are cut. */
const maxLineBytes = 8192;
/** Commands that wait for their reply. */
const maxPending = 1000;

class SmtpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #commands: LineStream;
  readonly #replies: LineStream;
  /** Commands without a reply yet, in order; `.` is the end of a mail. */
  #pending: string[] = [];
  #mail: Mail | undefined;
  #helo: string | undefined;
  #sent = 0;
  #mode: 'commands' | 'data' | 'chunk' = 'commands';
  #chunkLeft = 0;
  #isLastChunk = false;
  /** A line of the mail goes on: its beginning was handed over. */
  #isInsideLine = false;
  #inner: ConnectionAnalyzer | undefined;
  #isTls = false;
  #hasGreeted = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#commands = new LineStream(maxLineBytes, 'split', (line, isCut) => this.#clientLine(line, isCut));
    this.#replies = new LineStream(maxLineBytes, 'drop', (line) => this.#reply(wireText(line)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isTls) this.#inner?.data(isOrig, bytes);
    else if (!isOrig) this.#replies.data(bytes);
    else {
      for (let at = 0; at < bytes.length;) {
        const rest = bytes.subarray(at);
        at += this.#mode === 'chunk' ? this.#chunk(rest) : this.#commands.data(rest, () => this.#mode === 'chunk');
      }
    }
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#isTls) this.#inner?.gap?.(isOrig, length);
    else if (isOrig && this.#mode === 'commands') {
      this.#flush();
      this.#context.lost();
    }
  }

  endOfStream(isOrig: boolean): void {
    this.#inner?.endOfStream?.(isOrig);
  }

  close(): void {
    this.#flush();
    this.#inner?.close?.();
  }

  #clientLine(line: Uint8Array, isCut: boolean): void {
    const isLineStart = !this.#isInsideLine;
    this.#isInsideLine = isCut;
    if (this.#mode === 'data') this.#dataLine(line, isCut, isLineStart);
    else if (isLineStart) this.#command(wireText(line));
  }

  #dataLine(line: Uint8Array, isCut: boolean, isLineStart: boolean): void {
    const isDotted = isLineStart && line[0] === dot;
    if (isDotted && line.length === 1 && !isCut) {
      this.#mode = 'commands';
      this.#current().contentEnd();
      this.#expectReply('.');
    } else this.#current().contentLine(isDotted ? line.subarray(1) : line, isCut);
  }

  #command(line: string): void {
    const blank = line.search(/\s/);
    const name = (blank < 0 ? line : line.slice(0, blank)).toUpperCase();
    const argument = blank < 0 ? '' : line.slice(blank).trim();
    switch (name) {
      case 'HELO':
      case 'EHLO':
        this.#hasGreeted = true;
        this.#context.confirm();
        this.#helo = argument;
        this.#current().event.smtp_helo = argument;
        break;
      case 'MAIL':
        if (/^from:/i.test(argument)) {
          // A mail whose acceptance was not seen is over now.
          this.#flush();
          this.#current().mailFrom(argument.slice(5));
        }
        break;
      case 'RCPT':
        if (/^to:/i.test(argument)) this.#current().recipient(argument.slice(3));
        break;
      case 'DATA':
        this.#mode = 'data';
        break;
      case 'BDAT':
        this.#beginChunk(argument);
        break;
      default:
        break;
    }
    if (!this.#hasGreeted && !/^[A-Z]{3,10}$/.test(name)) {
      this.#flush();
      this.#context.violation('no SMTP command');
      return;
    }
    this.#expectReply(name);
  }

  #expectReply(command: string): void {
    if (this.#pending.length < maxPending) this.#pending.push(command);
  }

  #beginChunk(argument: string): void {
    const groups = /^(?<size>\d{1,10})(?:\s+(?<last>LAST))?/i.exec(argument)?.groups;
    this.#chunkLeft = Number(groups?.['size'] ?? 0);
    this.#isLastChunk = groups?.['last'] !== undefined;
    if (this.#chunkLeft > 0) this.#mode = 'chunk';
    else if (this.#isLastChunk) this.#current().contentEnd();
  }

  /** Bytes of a BDAT chunk; how many were used. */
  #chunk(bytes: Uint8Array): number {
    const part = bytes.subarray(0, Math.min(bytes.length, this.#chunkLeft));
    this.#chunkLeft -= part.length;
    this.#current().content(part);
    if (this.#chunkLeft === 0) {
      this.#mode = 'commands';
      if (this.#isLastChunk) this.#current().contentEnd();
    }
    return part.length;
  }

  #reply(line: string): void {
    const groups = /^(?<code>\d{3})(?<more>-?)\s?(?<text>.*)$/.exec(line)?.groups;
    if (groups === undefined) return;
    const { code = '', more = '', text = '' } = groups;
    this.#current().event.smtp_last_reply = `${Number(code)} ${text}`;
    if (more === '-') return;
    const command = Number(code) === greeting && this.#pending.length === 0 ? undefined : this.#pending.shift();
    const isGood = code.startsWith('2') || code.startsWith('3');
    if (command === 'STARTTLS' && isGood) this.#startTls();
    else if (command === 'DATA' && !isGood) this.#mode = 'commands';
    else if (command === '.' || (command === 'BDAT' && this.#isLastChunk)) {
      this.#isLastChunk = false;
      this.#sent++;
      this.#flush();
      this.#mail = this.#newMail();
    }
  }

  #startTls(): void {
    const { event } = this.#current();
    event.smtp_tls = true;
    this.#current().hasClientActivity = true;
    this.#isTls = true;
    this.#inner = this.#context.inner('tls');
  }

  #current(): Mail {
    this.#mail ??= this.#newMail();
    return this.#mail;
  }

  #newMail(): Mail {
    return new Mail(this.#context, this.#sent + 1, this.#helo);
  }

  #flush(): void {
    const mail = this.#mail;
    if (mail?.hasClientActivity !== true) return;
    mail.emit();
    this.#mail = undefined;
  }
}

const dot = 46;
/** Reply code of a server that is ready, before any command. */
const greeting = 220;
