import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { wireText } from '../../wire/text.ts';
import { TelnetText } from './telnet-text.ts';

export const analyzer = defineAnalyzer({
  id: 'telnet',
  title: 'Telnet',
  description:
    'One record for each session in which somebody logs in: who, how often in vain, and the terminal. What is typed afterwards, and passwords, are not kept.',
  references: ['RFC 854', 'RFC 1091'],
  emits: ['log'],
  service: 'telnet',
  transports: ['tcp'],
  ports: [23, 2323],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    const bytes = resp.length > 0 ? resp : orig;
    if (bytes.length < 3) return bytes.length === 0 || bytes[0] === commandMark ? 'more' : 'no';
    const isOption =
      bytes[0] === commandMark && (bytes[1] ?? 0) >= 251 && (bytes[1] ?? 0) <= 254 && (bytes[2] ?? 0) <= 49;
    return isOption ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new TelnetConnection(context) }),
});

const commandMark = 255;
const maxLineBytes = 512;
/** Text of the server that the end of a prompt is looked for in. */
const maxPromptLength = 200;

class TelnetConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #client: TelnetText;
  readonly #server: TelnetText;
  readonly #typed: LineStream;
  readonly #facts: { user?: string; success?: boolean; failed_logins?: number; terminal?: string } = {};
  /** The end of what the server has said since the client sent a line. */
  #prompt = '';

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#typed = new LineStream(maxLineBytes, 'drop', (line) => this.#line(wireText(line)));
    this.#client = new TelnetText({
      text: (bytes) => this.#typed.data(bytes),
      option: () => this.#context.confirm(),
      terminal: (name) => (this.#facts.terminal = name),
    });
    this.#server = new TelnetText({
      text: (bytes) => this.#said(wireText(bytes)),
      option: () => this.#context.confirm(),
      terminal: () => undefined,
    });
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    (isOrig ? this.#client : this.#server).data(bytes);
  }

  close(): void {
    if (this.#facts.user === undefined) return;
    const event = logRecord(this.#context, 'telnet', this.#facts);
    event.time = this.#context.connection.startTime;
    event.user_name = this.#facts.user;
    this.#context.emit(event);
  }

  #said(text: string): void {
    this.#prompt = (this.#prompt + text).slice(-maxPromptLength);
    if (this.#facts.user === undefined || this.#facts.success === true) return;
    const refusal = /login incorrect|login failed|access denied|authentication failed/i.exec(this.#prompt);
    if (refusal !== null) {
      this.#facts.success = false;
      this.#facts.failed_logins = (this.#facts.failed_logins ?? 0) + 1;
      // The next prompt may stand in the same message.
      this.#prompt = this.#prompt.slice(refusal.index + refusal[0].length);
    } else if (/last login|[$#>] ?$/i.test(this.#prompt)) this.#facts.success = true;
  }

  /** A line answers the prompt before it. Some clients end lines with CR NUL. */
  #line(line: string): void {
    const typed = line.replaceAll(/[\r\0]/g, '').trim();
    if (typed !== '' && this.#facts.success !== true && /(?:login|username|user name|user):\s*$/i.test(this.#prompt)) {
      this.#context.confirm();
      this.#facts.user = typed;
    }
    this.#prompt = '';
  }
}
