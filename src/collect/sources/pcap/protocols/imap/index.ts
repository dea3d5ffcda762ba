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
  id: 'imap',
  title: 'IMAP',
  description:
    'One record for each session: who logs in and whether it was let in, which mailboxes were opened, how often mails were fetched. STARTTLS is followed; ' +
    'passwords and mails are not kept.',
  references: ['RFC 9051', 'RFC 3501'],
  emits: ['log'],
  service: 'imap',
  transports: ['tcp'],
  ports: [143],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    // The server greets.
    if (resp.length === 0) return orig.length > 0 ? 'no' : 'more';
    if (resp.length < 10) return resp[0] === 0x2a ? 'more' : 'no';
    return /^\* (?:OK|PREAUTH) /i.test(asciiText(resp, 0, 12)) ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new ImapConnection(context) }),
});

const maxLineBytes = 1024;
/** Commands that wait for their answer, and mailboxes that are named. */
const maxPending = 100;
const maxMailboxes = 50;

class ImapConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #requests: LineStream;
  readonly #answers: LineStream;
  /** By tag, the command in capitals. */
  readonly #pending = new Map<string, string>();
  readonly #mailboxes = new Set<string>();
  readonly #facts: { user?: string; success?: boolean; failed_logins?: number; fetches?: number } = {};
  /** The next line of the client is the answer to AUTHENTICATE PLAIN. */
  #isPlain = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#requests = new LineStream(maxLineBytes, 'drop', (line) => this.#request(wireText(line)));
    this.#answers = new LineStream(maxLineBytes, 'drop', (line) => this.#answer(asciiText(line)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const isEncrypted = (): boolean => this.#inner !== undefined;
    const used = isEncrypted() ? 0 : (isOrig ? this.#requests : this.#answers).data(bytes, isEncrypted);
    if (used < bytes.length) this.#inner?.data(isOrig, bytes.subarray(used));
  }

  /** Mails may be missing; the lines after them are told apart again. */
  gap(isOrig: boolean, length: number): void {
    this.#inner?.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
    if (this.#facts.user === undefined && this.#facts.success === undefined) return;
    const mailboxes = this.#mailboxes.size === 0 ? {} : { mailboxes: [...this.#mailboxes] };
    const event = logRecord(this.#context, 'imap', { ...this.#facts, ...mailboxes });
    event.time = this.#context.connection.startTime;
    event.user_name = this.#facts.user ?? null;
    this.#context.emit(event);
  }

  #request(line: string): void {
    if (this.#isPlain) {
      this.#isPlain = false;
      this.#plainUser(line);
      return;
    }
    const words = /^(?<tag>[A-Za-z0-9.]{1,32}) (?:UID )?(?<command>[A-Za-z]{3,16})(?: (?<rest>.*))?$/i.exec(
      line,
    )?.groups;
    if (words === undefined) return;
    const { tag = '', command = '', rest = '' } = words;
    const name = command.toUpperCase();
    if (this.#pending.size < maxPending) this.#pending.set(tag, name);
    if (name === 'LOGIN') this.#facts.user = firstString(rest);
    else if (name === 'AUTHENTICATE') this.#authenticate(rest);
    else if (name === 'FETCH') this.#facts.fetches = (this.#facts.fetches ?? 0) + 1;
    else if ((name === 'SELECT' || name === 'EXAMINE') && this.#mailboxes.size < maxMailboxes) {
      this.#mailboxes.add(firstString(rest));
    }
  }

  #authenticate(rest: string): void {
    const [mechanism = '', initial] = rest.split(' ');
    if (mechanism.toUpperCase() !== 'PLAIN') return;
    if (initial === undefined) this.#isPlain = true;
    else this.#plainUser(initial);
  }

  /** Authorisation, user and password, parted by NUL (RFC 4616). */
  #plainUser(encoded: string): void {
    const [, user] = wireText(Buffer.from(encoded, 'base64')).split('\0');
    if (user !== undefined) this.#facts.user = user;
  }

  /** The answer that ends a command begins with its tag. */
  #answer(line: string): void {
    const [tag = '', status = ''] = line.split(' ', 2);
    const command = this.#pending.get(tag);
    if (command === undefined) return;
    this.#pending.delete(tag);
    this.#context.confirm();
    const isGood = status.toUpperCase() === 'OK';
    if (command === 'STARTTLS' && isGood) this.#inner = this.#context.inner('tls');
    if (command !== 'LOGIN' && command !== 'AUTHENTICATE') return;
    this.#facts.success = isGood;
    if (!isGood) this.#facts.failed_logins = (this.#facts.failed_logins ?? 0) + 1;
  }
}

/** The first argument, with or without quotes. */
function firstString(text: string): string {
  const groups = /^(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^ ]*))/.exec(text)?.groups;
  return groups?.['quoted']?.replaceAll(/\\(.)/g, '$1') ?? groups?.['plain'] ?? '';
}
