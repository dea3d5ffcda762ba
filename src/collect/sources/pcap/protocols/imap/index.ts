import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { FetchedMail } from '../../mime/fetched-mail.ts';
import { asciiText, wireText } from '../../wire/text.ts';
import { LiteralLines, type LiteralSink } from './literal-lines.ts';

export const analyzer = defineAnalyzer({
  id: 'imap',
  title: 'IMAP',
  description:
    'One record for each session: who logs in and whether it was let in, which mailboxes were opened, how often mails were fetched. The parts of mails that ' +
    'are fetched whole or put there are told as files, STARTTLS is followed; passwords and mails are not kept.',
  references: ['RFC 9051', 'RFC 3501'],
  emits: ['log', 'file_transfer'],
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

/** Commands that wait for their answer, and mailboxes that are named. */
const maxPending = 100;
const maxMailboxes = 50;
const maxNameBytes = 1024;

/** A mail that comes in pieces: many programs fetch 12 or 32 KB at a time. */
interface Fetching {
  readonly number: string;
  readonly mail: FetchedMail;
  /** Bytes that came. */
  bytes: number;
}

class ImapConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #requests: LiteralLines;
  readonly #answers: LiteralLines;
  #fetching: Fetching | undefined;
  /** The command that the client is in the middle of. */
  #command = '';
  /** By tag, the command in capitals. */
  readonly #pending = new Map<string, string>();
  readonly #mailboxes = new Set<string>();
  readonly #facts: { user?: string; success?: boolean; failed_logins?: number; fetches?: number } = {};
  /** The next line of the client is the answer to AUTHENTICATE PLAIN. */
  #isPlain = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#requests = new LiteralLines(
      (line, isStart) => (isStart ? this.#request(wireText(line)) : undefined),
      () => this.#sent(),
    );
    this.#answers = new LiteralLines(
      (line, isStart) => (isStart ? this.#answer(asciiText(line)) : undefined),
      (line, length) => this.#fetched(asciiText(line), length),
    );
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const isEncrypted = (): boolean => this.#inner !== undefined;
    const used = isEncrypted() ? 0 : (isOrig ? this.#requests : this.#answers).data(bytes, isEncrypted);
    if (used < bytes.length) this.#inner?.data(isOrig, bytes.subarray(used));
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner !== undefined) {
      this.#inner.gap?.(isOrig, length);
      return;
    }
    (isOrig ? this.#requests : this.#answers).gap(length);
    // Its pieces no longer follow one another.
    if (!isOrig) this.#endFetching();
  }

  close(): void {
    this.#inner?.close?.();
    this.#requests.end();
    this.#answers.end();
    this.#endFetching();
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
    this.#command = name;
    if (this.#pending.size < maxPending) this.#pending.set(tag, name);
    if (name === 'LOGIN' && !rest.startsWith('{')) this.#facts.user = firstString(rest);
    else if (name === 'AUTHENTICATE') this.#authenticate(rest);
    else if (name === 'FETCH') this.#facts.fetches = (this.#facts.fetches ?? 0) + 1;
    else if ((name === 'SELECT' || name === 'EXAMINE') && this.#mailboxes.size < maxMailboxes) {
      this.#mailboxes.add(firstString(rest));
    }
  }

  /** A literal of the client: the mail of an APPEND, the name of a LOGIN; its password comes after the name. */
  #sent(): LiteralSink | undefined {
    if (this.#command === 'APPEND') return new FetchedMail(this.#context, true);
    if (this.#command !== 'LOGIN' || this.#facts.user !== undefined) return undefined;
    let name = '';
    return {
      data: (bytes) => {
        if (name.length < maxNameBytes) name += wireText(bytes.subarray(0, maxNameBytes));
      },
      end: () => {
        this.#facts.user = name;
      },
    };
  }

  /** A literal of the server: a mail, or a piece of one. Pieces of other kinds are passed over. */
  #fetched(line: string, length: number): LiteralSink | undefined {
    const groups = /(?:BODY\[\](?:<(?<from>\d{1,10})>)?|RFC822) \{\d+\}$/i.exec(line)?.groups;
    const number = /^\* (\d+) FETCH /i.exec(line)?.[1] ?? this.#fetching?.number;
    if (groups === undefined || number === undefined) return undefined;
    const from = Number(groups['from'] ?? 0);
    let fetching = this.#fetching;
    if (fetching?.number !== number || fetching.bytes !== from || from === 0) {
      this.#endFetching();
      if (from !== 0) return undefined;
      fetching = { number, mail: new FetchedMail(this.#context, false), bytes: 0 };
      this.#fetching = fetching;
    }
    const { mail } = fetching;
    fetching.bytes += length;
    const isWhole = groups['from'] === undefined;
    return { data: (bytes) => mail.data(bytes), end: () => (isWhole ? this.#endFetching() : undefined) };
  }

  #endFetching(): void {
    this.#fetching?.mail.end();
    this.#fetching = undefined;
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
