import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FileSink,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'tftp',
  title: 'TFTP',
  description: 'Requests of TFTP with name and mode, and the files that they carry. Blocks that come again count once.',
  references: ['RFC 1350', 'RFC 2347', 'RFC 2348'],
  emits: ['log', 'file_transfer'],
  service: 'tftp',
  transports: ['udp'],
  ports: [69],
  // The answer to a request comes from another port.
  spread: 'announces',
  recognize: ({ orig, respPort }: FirstBytes): Recognition =>
    respPort === 69 && readRequest(orig) !== undefined ? 'match' : 'no',
  start: () => ({ attach: (context) => new TftpConnection(context) }),
});

const maxRecords = 100;
const readCode = 1;
const writeCode = 2;
const dataCode = 3;
const errorCode = 5;
const lastCode = 6;
const maxNameBytes = 512;
const usualBlockBytes = 512;

/** Size of blocks that both sides agreed on, in an OACK (RFC 2347, 2348). */
function blockBytesIn(options: Uint8Array): number | undefined {
  const fields = asciiText(options, 0, maxNameBytes).split('\0');
  const value = fields.find((_value, at) => at % 2 === 1 && fields[at - 1]?.toLowerCase() === 'blksize');
  const size = /^\d{1,5}$/.test(value ?? '') ? Number(value) : 0;
  return size >= 8 && size <= 65_464 ? size : undefined;
}

interface Request {
  readonly packet: 'read' | 'write';
  readonly file: string;
  readonly mode: string;
}

function readRequest(bytes: Uint8Array): Request | undefined {
  const code = new Cursor(bytes).u16();
  if (code !== readCode && code !== writeCode) return undefined;
  const nameEnd = bytes.subarray(0, maxNameBytes).indexOf(0, 2);
  const modeEnd = nameEnd < 3 ? -1 : bytes.subarray(0, nameEnd + 12).indexOf(0, nameEnd + 1);
  if (modeEnd < 0) return undefined;
  const mode = asciiText(bytes, nameEnd + 1, modeEnd).toLowerCase();
  if (!['netascii', 'octet', 'mail'].includes(mode)) return undefined;
  return { packet: code === readCode ? 'read' : 'write', file: wireText(bytes.subarray(2, nameEnd)), mode };
}

class TftpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  #file: FileSink | undefined;
  #name: string | undefined;
  #blockBytes = usualBlockBytes;
  /** Number of the next block; it wraps. */
  #next = 1;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    this.#name = context.announced?.name;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const cursor = new Cursor(bytes);
    const code = cursor.u16();
    const request = readRequest(bytes);
    if (request !== undefined) this.#request(request);
    else if (code === dataCode && cursor.left >= 2) this.#block(isOrig, cursor.u16(), cursor.rest());
    else if (code === lastCode) this.#blockBytes = blockBytesIn(cursor.rest()) ?? this.#blockBytes;
    else if (code === errorCode && cursor.left >= 2) this.#error(cursor.u16());
    else if (code < dataCode || code > lastCode) this.#context.violation('no TFTP packet');
  }

  #request(request: Request): void {
    const { sourceIp, sourcePort } = this.#context.connection;
    this.#context.confirm();
    this.#name = request.file.split(/[/\\]/).at(-1);
    this.#log.add('tftp', request);
    // The server answers from a port of its own, to the port that the request came from.
    this.#context.expect(sourceIp, sourcePort, 'tftp', { name: this.#name });
  }

  #block(isOrig: boolean, number: number, content: Uint8Array): void {
    this.#context.confirm();
    const missingBlocks = (number - this.#next) & 0xffff;
    // One that came before, once more.
    if (missingBlocks > 0x7fff) return;
    this.#next = (number + 1) & 0xffff;
    this.#file ??= this.#context.openFile({ isOrig, ...(this.#name === undefined ? {} : { name: this.#name }) });
    if (missingBlocks > 0) this.#file.gap(missingBlocks * this.#blockBytes);
    this.#file.data(content);
    // A block that is not full is the last one.
    if (content.length < this.#blockBytes) this.close();
  }

  #error(number: number): void {
    this.#context.confirm();
    this.#log.add('tftp', { packet: 'error', error_code: number });
  }

  close(): void {
    this.#file?.end();
    this.#file = undefined;
  }
}
