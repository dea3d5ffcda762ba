import { canonicalIp, formatIp } from '../../../../../base/ip.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type AnnouncedFile,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';
import { joinPath, pathInReply, urlOf } from './paths.ts';

export const analyzer = defineAnalyzer({
  id: 'ftp',
  title: 'FTP',
  description:
    "The control connection of FTP: one record for each command that moves or removes a file or agrees on a data connection, in the words of Zeek's " +
    'ftp.log, with user and reply. Data connections that it agrees on are read as `ftp-data`; behind AUTH TLS, TLS is read. Passwords are not kept, ' +
    'but for what guests send for one.',
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

/** Commands whose argument is a file: Zeek writes it as a URL. */
const withPath: ReadonlySet<string> = new Set(['APPE', 'DELE', 'RETR', 'STOR', 'STOU']);

/** Commands that open the data connection which was agreed on. */
const withData: ReadonlySet<string> = new Set(['APPE', 'RETR', 'STOR', 'STOU', 'LIST', 'MLSD', 'NLST']);

/** Users whose password is none: by custom it is a mail address. */
const guests: ReadonlySet<string> = new Set(['anonymous', 'ftp', 'ftpuser', 'guest']);

const maxLineBytes = 4096;
/** Of a user, and of what a guest sends for a password: they stand in every record. */
const maxNameBytes = 128;
/** Commands that wait for their reply. */
const maxPending = 100;

interface Command {
  readonly name: string;
  readonly argument: string;
  readonly time: number;
  dataChannel?: DataChannel;
  /** What the server announces before it sends a file. */
  fileSize?: number;
  /** A preliminary reply (1xx): all there is when the connection ends before the transfer. */
  preliminary?: Reply;
}

interface Reply {
  readonly code: number;
  readonly text: string;
}

/** Who will connect to whom for data, in Zeek's words. */
interface DataChannel {
  readonly passive: boolean;
  readonly orig_h: string;
  readonly resp_h: string;
  readonly resp_p: number;
}

class FtpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #commands: LineStream;
  readonly #replies: LineStream;
  readonly #pending: Command[] = [];
  #user: string | undefined;
  #password: string | undefined;
  #directory = '.';
  /** What the next data connection will carry, as far as it is known. */
  #announced: AnnouncedFile = {};
  /** Where the client wants the next transfer to begin. */
  #restartAt = 0;
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
    for (const command of this.#pending.splice(0)) this.#record(command, command.preliminary);
    this.#inner?.close?.();
  }

  #command(line: Uint8Array): void {
    const text = wireText(line);
    const name = /^[A-Za-z]{3,4}(?=\s|$)/.exec(text)?.[0].toUpperCase();
    if (name === undefined) return;
    const argument = text.slice(name.length).trim();
    const command: Command = { name, argument, time: this.#context.clock.time };
    if (name === 'USER') this.#user = argument.slice(0, maxNameBytes).toWellFormed();
    if (name === 'PASS') this.#password = this.#passwordText(argument);
    if (name === 'EPRT' || name === 'PORT') this.#expectActive(command);
    this.#announce(command);
    if (this.#pending.length < maxPending) this.#pending.push(command);
  }

  /** Which file comes, and where it begins: the command is sent before the first byte of data. */
  #announce({ name, argument }: Command): void {
    if (name === 'REST') this.#restartAt = /^\d{1,15}$/.test(argument) ? Number(argument) : 0;
    if (!withData.has(name)) return;
    if (withPath.has(name)) this.#announced.name = argument.split('/').at(-1);
    this.#announced.skippedBytes = this.#restartAt;
    this.#restartAt = 0;
  }

  #passwordText(argument: string): string {
    return guests.has(this.#user?.toLowerCase() ?? '') ? argument.slice(0, maxNameBytes).toWellFormed() : '<hidden>';
  }

  #reply(line: string): void {
    const groups = /^(?<code>\d{3})(?<more>[ -]|$)(?<text>.*)$/.exec(line)?.groups;
    if (groups === undefined || (this.#openReply !== undefined && groups['code'] !== this.#openReply)) return;
    const { code = '', more = '', text = '' } = groups;
    this.#openReply = more === '-' ? code : undefined;
    if (more === '-') return;
    if (code === '220' && this.#pending.length === 0) return;
    const reply: Reply = { code: Number(code), text };
    if (code.startsWith('1')) {
      announce(this.#pending[0], reply);
      return;
    }
    const command = this.#pending.shift();
    if (command !== undefined) this.#answered(command, reply);
  }

  #answered(command: Command, reply: Reply): void {
    const { name } = command;
    const { code, text } = reply;
    if (name === 'USER' || name === 'PASS') this.#context.confirm();
    if (code >= 200 && code < 300) this.#moved(command, text);
    if (code === 227) this.#expect(command, addressOf(text), true);
    if (code === 229) this.#expectExtended(command, text);
    if (name === 'AUTH' && code === 234) this.#startTls();
    this.#record(command, reply);
  }

  /** Follows the client through the server's folders. */
  #moved({ name, argument }: Command, text: string): void {
    if (name === 'CWD') this.#directory = joinPath(this.#directory, argument);
    else if (name === 'CDUP') this.#directory = joinPath(this.#directory, '..');
    else if (name === 'PWD' || name === 'XPWD') this.#directory = pathInReply(text) ?? this.#directory;
  }

  #record(command: Command, reply: Reply | undefined): void {
    const { name, argument, fileSize } = command;
    if (!logged.has(name)) return;
    const event = this.#context.newEvent('log');
    const { destinationIp } = this.#context.connection;
    event.time = command.time;
    event.log_name = 'ftp';
    event.event_dataset = 'pcap.ftp';
    event.user_name = this.#user ?? null;
    event.message = `${name} ${argument}`.trim();
    event.fields = JSON.stringify({
      user: this.#user ?? '<unknown>',
      password: this.#password,
      command: name,
      arg: withPath.has(name) ? urlOf(destinationIp, this.#directory, argument) : argument || undefined,
      file_size: fileSize,
      cwd: this.#directory,
      reply_code: reply?.code,
      reply_msg: reply?.text,
      ...prefixed(command.dataChannel),
    });
    this.#context.emit(event);
  }

  #startTls(): void {
    this.#isTls = true;
    this.#inner = this.#context.inner('tls');
  }

  /** `PORT 192,168,0,1,4,1` or `EPRT |1|132.235.1.2|6275|`: the server will connect to the client. */
  #expectActive(command: Command): void {
    const { name, argument } = command;
    if (name === 'PORT') {
      this.#expect(command, addressOf(argument), false);
      return;
    }
    const [, , address = '', port = ''] = argument.split(argument.charAt(0));
    this.#expect(command, { ip: canonicalIp(address), port: Number(port) }, false);
  }

  /** `Entering Extended Passive Mode (|||6446|)`: at the address of the control connection. */
  #expectExtended(command: Command, text: string): void {
    const port = /\((?<mark>.)\k<mark>\k<mark>(?<port>\d{1,5})\k<mark>\)/.exec(text)?.groups?.['port'];
    if (port !== undefined) {
      this.#expect(command, { ip: this.#context.connection.destinationIp, port: Number(port) }, true);
    }
  }

  #expect(command: Command, { ip, port }: Place, passive: boolean): void {
    if (ip === undefined || port <= 0 || port >= 65_536) return;
    const { sourceIp, destinationIp } = this.#context.connection;
    command.dataChannel = { passive, orig_h: passive ? sourceIp : destinationIp, resp_h: ip, resp_p: port };
    this.#announced = {};
    this.#context.expect(ip, port, 'ftp-data', this.#announced);
  }
}

/** A preliminary reply is followed by the real one: `150 Opening BINARY mode data connection for a.bin (1234 bytes).` */
function announce(command: Command | undefined, reply: Reply): void {
  if (command === undefined) return;
  command.preliminary = reply;
  const size = /\((?<size>\d{1,15}) bytes?\)/.exec(reply.text)?.groups?.['size'];
  if (command.name === 'RETR' && size !== undefined) command.fileSize = Number(size);
}

function prefixed(channel: DataChannel | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(channel ?? {}).map(([name, value]) => [`data_channel.${name}`, value]));
}

interface Place {
  readonly ip: string | undefined;
  readonly port: number;
}

/** Six numbers with commas between them: address and port. */
function addressOf(text: string): Place {
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
