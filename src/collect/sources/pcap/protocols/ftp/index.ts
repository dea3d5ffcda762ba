import { canonicalIp, formatIp } from '../../../../../base/ip.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'ftp',
  title: 'FTP',
  description:
    'The control connection of FTP: one record for each command that moves or removes a file, or logs in, with user and reply. Data connections that it ' +
    'agrees on are read as `ftp-data`; behind AUTH TLS, TLS is read. The password is not kept.',
  references: ['RFC 959', 'RFC 2428', 'RFC 4217'],
  emits: ['log'],
  service: 'ftp',
  transports: ['tcp'],
  ports: [21],
  spread: 'announces',
  recognize: recognizeFtp,
  start: () => ({ attach: (context) => new FtpConnection(context) }),
});

/** Commands that are worth a record (Zeek's `FTP::logged_commands`). */
const logged: ReadonlySet<string> = new Set([
  'APPE',
  'DELE',
  'RETR',
  'STOR',
  'STOU',
  'ACCT',
  'PORT',
  'PASV',
  'EPRT',
  'EPSV',
]);

const maxLineBytes = 4096;
/** Commands that wait for their reply. */
const maxPending = 100;

interface Command {
  readonly name: string;
  readonly argument: string;
  readonly time: number;
}

class FtpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #commands: LineStream;
  readonly #replies: LineStream;
  readonly #pending: Command[] = [];
  #user: string | undefined;
  #directory = '.';
  #inner: ConnectionAnalyzer | undefined;
  #isTls = false;
  /** Code of a reply of several lines whose last one is still to come. */
  #openReply: string | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#commands = new LineStream(maxLineBytes, 'drop', (line) => this.#command(line));
    this.#replies = new LineStream(maxLineBytes, 'drop', (line) => this.#reply(wireText(line)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isTls) this.#inner?.data(isOrig, bytes);
    else (isOrig ? this.#commands : this.#replies).data(bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#isTls) this.#inner?.gap?.(isOrig, length);
  }

  close(): void {
    for (const command of this.#pending.splice(0)) this.#record(command, undefined, undefined);
    this.#inner?.close?.();
  }

  #command(line: Uint8Array): void {
    const text = wireText(line);
    const name = /^[A-Za-z]{3,4}(?=\s|$)/.exec(text)?.[0].toUpperCase();
    if (name === undefined) return;
    const argument = text.slice(name.length).trim();
    if (name === 'USER') this.#user = argument;
    if (name === 'EPRT' || name === 'PORT') this.#expectActive(name, argument);
    if (this.#pending.length < maxPending) this.#pending.push({ name, argument, time: this.#context.clock.time });
  }

  #reply(line: string): void {
    const groups = /^(?<code>\d{3})(?<more>[ -]|$)(?<text>.*)$/.exec(line)?.groups;
    if (groups === undefined || (this.#openReply !== undefined && groups['code'] !== this.#openReply)) return;
    const { code = '', more = '', text = '' } = groups;
    this.#openReply = more === '-' ? code : undefined;
    if (more === '-') return;
    if (code === '220' && this.#pending.length === 0) return;
    // A preliminary reply (1xx) is followed by the real one.
    const command = code.startsWith('1') ? this.#pending[0] : this.#pending.shift();
    if (command !== undefined) this.#answered(command, code, text);
  }

  #answered(command: Command, code: string, text: string): void {
    if (command.name === 'USER' || command.name === 'PASS') this.#context.confirm();
    if (command.name === 'CWD' && code.startsWith('2')) this.#directory = command.argument;
    if (code === '227') this.#expectPassive(text);
    if (code === '229') this.#expectExtended(text);
    if (command.name === 'AUTH' && code === '234') this.#startTls();
    if (!code.startsWith('1')) this.#record(command, code, text);
  }

  #record(command: Command, code: string | undefined, text: string | undefined): void {
    if (!logged.has(command.name)) return;
    const event = this.#context.newEvent('log');
    event.time = command.time;
    event.log_name = 'ftp';
    event.user_name = this.#user ?? null;
    event.message = `${command.name} ${command.argument}`.trim();
    event.fields = JSON.stringify({
      command: command.name,
      arg: command.argument,
      cwd: this.#directory,
      reply_code: code === undefined ? undefined : Number(code),
      reply_msg: text,
    });
    this.#context.emit(event);
  }

  #startTls(): void {
    this.#isTls = true;
    this.#inner = this.#context.inner('tls');
  }

  /** `PORT 192,168,0,1,4,1` or `EPRT |1|132.235.1.2|6275|`: the server will connect to the client. */
  #expectActive(name: string, argument: string): void {
    if (name === 'PORT') {
      this.#expect(addressOf(argument));
      return;
    }
    const [, , address = '', port = ''] = argument.split(argument.charAt(0));
    this.#expect({ ip: canonicalIp(address), port: Number(port) });
  }

  /** `Entering Passive Mode (192,168,0,1,4,1)`. */
  #expectPassive(text: string): void {
    this.#expect(addressOf(text));
  }

  /** `Entering Extended Passive Mode (|||6446|)`: at the address of the control connection. */
  #expectExtended(text: string): void {
    const port = /\((?<mark>.)\k<mark>\k<mark>(?<port>\d{1,5})\k<mark>\)/.exec(text)?.groups?.['port'];
    if (port !== undefined) this.#expect({ ip: this.#context.connection.destinationIp, port: Number(port) });
  }

  #expect({ ip, port }: { readonly ip: string | undefined; readonly port: number }): void {
    if (ip !== undefined && port > 0 && port < 65_536) this.#context.expect(ip, port, 'ftp-data');
  }
}

/** Six numbers with commas between them: address and port. */
function addressOf(text: string): { readonly ip: string | undefined; readonly port: number } {
  const numbers = /(?:\d{1,3},){5}\d{1,3}/.exec(text)?.[0].split(',').map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, high = 0, low = 0] = numbers;
  if (Math.max(a, b, c, d, high, low) > 255) return { ip: undefined, port: 0 };
  const value = ((a * 256 + b) * 256 + c) * 256 + d;
  return { ip: formatIp(0xffff_0000_0000n + BigInt(value)), port: high * 256 + low };
}

/** `220` of the server and a log-in of the client. */
function recognizeFtp({ orig, resp }: FirstBytes): Recognition {
  if (resp.length === 0) return 'more';
  if (!/^(?:220|120)[ -]/.test(asciiText(resp, 0, 4))) return 'no';
  const client = asciiText(orig, 0, 32);
  if (/^(?:USER |AUTH (?:TLS|SSL)|FEAT\r?\n|SYST\r?\n|HOST )/i.test(client)) return 'match';
  return client.length < 12 && /^(?:[A-Za-z]{0,4}|[A-Za-z]{4} .*)$/.test(client) ? 'more' : 'no';
}
