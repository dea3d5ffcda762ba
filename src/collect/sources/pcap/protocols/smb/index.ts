import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { NtlmLogin } from '../../ntlm.ts';
import type { Room } from '../../wire/joined-file.ts';
import { hexText } from '../../wire/text.ts';
import { MessageStream, type MessageHandler } from './message-stream.ts';
import { fileChangeOf, type FileChange } from './set-info.ts';
import { Shares } from './shares.ts';
import { Smb1Messages } from './smb1.ts';
import {
  attributeFolder,
  createOutcomes,
  dialectName,
  FileIds,
  fileTimesAt,
  isSpnego,
  numberAt,
  offsetAt,
  optionDeleteOnClose,
  readSmb2Header,
  smb2Command,
  smb2HeaderBytes,
  textAt,
  type Smb2Header,
} from './smb2.ts';

export const analyzer = defineAnalyzer({
  id: 'smb',
  title: 'SMB',
  description:
    'SMB 1 to 3: shares (`smb_mapping`), opened, renamed and deleted files (`smb_files`) and log-ins by NTLM (`ntlm`) as records; what runs in named pipes is read as DCE/RPC; files that ' +
    'are read or written are handed on, in whatever order their pieces come. What SMB 3 encrypts is not read.',
  references: [
    'https://learn.microsoft.com/openspecs/windows_protocols/ms-cifs',
    'https://learn.microsoft.com/openspecs/windows_protocols/ms-smb',
    'https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2',
    'https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp',
  ],
  emits: ['log'],
  service: 'smb',
  transports: ['tcp'],
  ports: [139, 445],
  recognize: recognizeSmb,
  start: () => {
    const room: Room = { bytes: maxWaitingBytes };
    return { attach: (context) => new SmbConnection(context, room) };
  },
});

/** Memory for pieces of files that came before those in front of them, for all files of a capture. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** Requests that wait for their answer. */
const maxPending = 1000;

type Request =
  | { readonly kind: 'tree'; readonly path: string }
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly disposition: number;
      readonly treeId: number;
      readonly isDeleted: boolean;
    }
  | { readonly kind: 'change'; readonly file: string; readonly change: FileChange }
  | { readonly kind: 'close'; readonly file: string }
  | { readonly kind: 'read'; readonly file: string; readonly offset: number }
  | { readonly kind: 'transceive'; readonly file: string }
  | { readonly kind: 'login' };

class SmbConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #sides: readonly [MessageStream, MessageStream];
  readonly #pending = new Map<bigint, Request>();
  readonly #shares: Shares;
  readonly #ntlm: NtlmLogin;
  readonly #ids = new FileIds();
  readonly #version1: Smb1Messages;
  #dialect: string | undefined;
  #isHidden = false;
  #isBroken = false;

  constructor(context: AnalyzerContext, room: Room) {
    this.#context = context;
    this.#shares = new Shares(context, room);
    this.#ntlm = new NtlmLogin(context);
    this.#version1 = new Smb1Messages(context, this.#shares, this.#ntlm);
    this.#sides = [new MessageStream(this.#handler(true)), new MessageStream(this.#handler(false))];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#isBroken) this.#sides[isOrig ? 0 : 1].data(bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#isBroken) return;
    const side = isOrig ? 0 : 1;
    const passedOn = this.#sides[side].gap(length);
    if (passedOn > 0) this.#shares.missing(isOrig, passedOn);
    if (passedOn === length) return;
    this.#shares.begin(isOrig);
    this.#context.problem('partly-seen', 'bytes between SMB messages are missing: what was said in them is not known');
  }

  close(): void {
    this.#shares.closeAll();
  }

  #handler(isOrig: boolean): MessageHandler {
    return {
      message: (bytes, isWhole) => this.#messages(isOrig, bytes, isWhole),
      more: (bytes) => this.#shares.more(isOrig, bytes),
      broken: () => {
        this.#isBroken = true;
        this.close();
        this.#context.violation('no SMB message');
      },
    };
  }

  /** Messages of one frame: several may be chained, each from a multiple of eight bytes. */
  #messages(isOrig: boolean, frame: Buffer, isWhole: boolean): void {
    this.#shares.begin(isOrig);
    const mark = numberAt(frame, 0, 4);
    if (mark === markSmb1) {
      this.#context.confirm();
      this.#version1.message(isOrig, frame, isWhole);
      return;
    }
    if (mark === markEncrypted || mark === markCompressed) this.#hidden(mark === markEncrypted);
    this.#ids.begin();
    for (let bytes = frame; ;) {
      const header = readSmb2Header(bytes);
      if (header === undefined) return;
      this.#context.confirm();
      if (header.isResponse) this.#response(isOrig, header, bytes, isWhole);
      else this.#request(isOrig, header, bytes, isWhole);
      if (header.next < smb2HeaderBytes || header.next >= bytes.length) return;
      bytes = bytes.subarray(header.next);
    }
  }

  /** Told once of a connection. */
  #hidden(isEncrypted: boolean): void {
    this.#context.confirm();
    if (this.#isHidden) return;
    this.#isHidden = true;
    const how = isEncrypted ? 'encrypts' : 'compresses';
    this.#context.problem(
      'unsupported',
      `SMB 3 ${how} the messages of a connection: which files they carry is not seen`,
    );
  }

  #request(isOrig: boolean, header: Smb2Header, bytes: Buffer, isWhole: boolean): void {
    const body = smb2HeaderBytes;
    switch (header.command) {
      case smb2Command.treeConnect:
        this.#expect(header, {
          kind: 'tree',
          path: textAt(bytes, numberAt(bytes, body + 4, 2), numberAt(bytes, body + 6, 2)),
        });
        break;
      case smb2Command.sessionSetup:
        this.#authentication(bytes.subarray(body));
        this.#expect(header, { kind: 'login' });
        break;
      case smb2Command.create: {
        const name = textAt(bytes, numberAt(bytes, body + 44, 2), numberAt(bytes, body + 46, 2));
        this.#expect(header, {
          kind: 'create',
          name,
          disposition: numberAt(bytes, body + 36, 4),
          treeId: header.treeId,
          isDeleted: (numberAt(bytes, body + 40, 4) & optionDeleteOnClose) !== 0,
        });
        this.#ids.creating(header);
        break;
      }
      case smb2Command.close:
        this.#expect(header, { kind: 'close', file: this.#ids.at(bytes, body + 8) });
        break;
      case smb2Command.setInfo: {
        const change = fileChangeOf(bytes);
        const file = this.#ids.at(bytes, body + 16);
        if (change !== undefined) this.#expect(header, { kind: 'change', file, change });
        break;
      }
      case smb2Command.ioctl:
        if (numberAt(bytes, body + 4, 4) === pipeTransceive) this.#transceive(isOrig, header, bytes);
        break;
      case smb2Command.read:
        this.#expect(header, { kind: 'read', file: this.#ids.at(bytes, body + 16), offset: offsetAt(bytes, body + 8) });
        break;
      case smb2Command.write:
        this.#shares.content(isOrig, bytes, isWhole, {
          file: this.#ids.at(bytes, body + 16),
          kind: 'write',
          offset: offsetAt(bytes, body + 8),
          length: numberAt(bytes, body + 4, 4),
          at: numberAt(bytes, body + 2, 2),
        });
        break;
      default:
        break;
    }
  }

  #expect(header: Smb2Header, request: Request): void {
    if (this.#pending.size < maxPending) this.#pending.set(header.messageId, request);
  }

  #response(isOrig: boolean, header: Smb2Header, bytes: Buffer, isWhole: boolean): void {
    const body = smb2HeaderBytes;
    if (header.command === smb2Command.negotiate) this.#dialect = dialectName(numberAt(bytes, body + 4, 2));
    // The answer to this one comes later.
    if (header.status === statusPending) return;
    const request = this.#pending.get(header.messageId);
    if (request === undefined) return;
    this.#pending.delete(header.messageId);
    // A pipe has more to say than was asked for: the rest is read next.
    const isGood = header.status === 0 || header.status === statusOverflow;
    if (request.kind === 'close') this.#shares.closed(this.#ids.resolve(request.file));
    else if (request.kind === 'login') {
      this.#ntlm.challenge(bytes.subarray(body));
      if (header.status !== statusMoreProcessing) this.#ntlm.outcome(isGood);
    } else if (request.kind === 'transceive' && isGood) {
      this.#shares.pipeContent(
        isOrig,
        bytes,
        this.#ids.resolve(request.file),
        numberAt(bytes, body + 32, 4),
        numberAt(bytes, body + 36, 4),
      );
    } else if (!isGood || request.kind === 'transceive') return;
    else if (request.kind === 'tree') {
      this.#shares.mapped(header.treeId, request.path, numberAt(bytes, body + 2, 1), this.#dialect);
    } else if (request.kind === 'create') this.#created(request, header, bytes);
    else if (request.kind === 'change') this.#shares.changed(this.#ids.resolve(request.file), request.change);
    else {
      this.#shares.content(isOrig, bytes, isWhole, {
        file: this.#ids.resolve(request.file),
        kind: 'read',
        offset: request.offset,
        length: numberAt(bytes, body + 4, 4),
        at: numberAt(bytes, body + 2, 1),
      });
    }
  }

  /** A token of SPNEGO (RFC 4178) or a bare message of NTLM behind the fields of a session set-up. */
  #authentication(setup: Buffer): void {
    this.#ntlm.request(setup);
    const at = numberAt(setup, 12, 2) - smb2HeaderBytes;
    if (at > 0 && isSpnego(setup[at])) this.#context.confirm('gssapi');
    if (setup.includes(kerberosRequest)) this.#context.confirm('krb');
  }

  /** A call and its answer in one exchange. */
  #transceive(isOrig: boolean, header: Smb2Header, bytes: Buffer): void {
    const body = smb2HeaderBytes;
    const file = this.#ids.at(bytes, body + 8);
    this.#shares.pipeContent(isOrig, bytes, file, numberAt(bytes, body + 24, 4), numberAt(bytes, body + 28, 4));
    this.#expect(header, { kind: 'transceive', file });
  }

  #created(request: Extract<Request, { kind: 'create' }>, header: Smb2Header, bytes: Buffer): void {
    const body = smb2HeaderBytes;
    const id = hexText(bytes.subarray(body + 64, body + 80));
    this.#ids.created(header, id);
    this.#shares.opened({
      ...request,
      id,
      size: offsetAt(bytes, body + 48),
      isFolder: (numberAt(bytes, body + 56, 4) & attributeFolder) !== 0,
      facts: {
        outcome: createOutcomes[numberAt(bytes, body + 4, 4)],
        disposition: request.disposition,
        ...fileTimesAt(bytes, body + 8),
      },
    });
  }
}

const markSmb1 = 0x424d53ff;
const markEncrypted = 0x424d53fd;
const markCompressed = 0x424d53fc;
const statusPending = 0x103;
const statusOverflow = 0x80000005;
const statusMoreProcessing = 0xc0000016;
/** FSCTL_PIPE_TRANSCEIVE. */
const pipeTransceive = 0x0011_c017;
/** The object id of Kerberos and the mark of an AP-REQ behind it (RFC 4121, 4.1). */
const kerberosRequest = Buffer.from('2a864886f712010202' + '0100', 'hex');

function recognizeSmb({ orig, resp }: FirstBytes): Recognition {
  const bytes = orig.length > 0 ? orig : resp;
  if (bytes.length < 9) return bytes[0] === 0 || bytes.length === 0 ? 'more' : 'no';
  const isMark = bytes[4] === 0xff || bytes[4] === 0xfe || bytes[4] === 0xfd;
  return bytes[0] === 0 && isMark && bytes[5] === 0x53 && bytes[6] === 0x4d && bytes[7] === 0x42 ? 'match' : 'no';
}
