import type { AnalyzerContext } from '../../analyzer.ts';
import type { NtlmLogin } from '../../ntlm.ts';
import { wideText, wireText } from '../../wire/text.ts';
import { Recent } from './opened.ts';
import type { FileChange } from './set-info.ts';
import { shareType, type Shares } from './shares.ts';
import {
  attributeFolder,
  createOutcomes,
  fileTimesAt,
  isSpnego,
  numberAt,
  offsetAt,
  optionDeleteOnClose,
} from './smb2.ts';

/** Header of a message (MS-CIFS, 2.2.3.1): behind it stand a count of words, the words, a count of bytes, and the bytes. */
const headerBytes = 32;
const flagReply = 0x80;
const flagUnicode = 0x8000;
/** Commands of one message, each behind the other (AndX). */
const maxChained = 8;
const noCommand = 0xff;
const statusOverflow = 0x80000005;
const statusMoreProcessing = 0xc0000016;

/** MS-CIFS, 2.2.2.1. */
const command = {
  deleteFolder: 0x01,
  close: 0x04,
  delete: 0x06,
  rename: 0x07,
  transaction: 0x25,
  openAndX: 0x2d,
  readAndX: 0x2e,
  writeAndX: 0x2f,
  transaction2: 0x32,
  negotiate: 0x72,
  sessionSetupAndX: 0x73,
  treeConnectAndX: 0x75,
  ntCreateAndX: 0xa2,
} as const;

const chaining: ReadonlySet<number> = new Set([
  command.openAndX,
  command.readAndX,
  command.writeAndX,
  command.sessionSetupAndX,
  command.treeConnectAndX,
  command.ntCreateAndX,
]);

/** Setting what is known of an open file, and the classes of it that rename or delete (MS-CIFS, 2.2.6.9; MS-FSCC, 2.4). */
const setFileInformation = 8;
const setClasses = { disposition: 0x102, rename: 0x3f2, dispositionPassThrough: 0x3f5 } as const;
const transactPipe = 0x26;

type Request =
  | { readonly kind: 'tree'; readonly path: string }
  | { readonly kind: 'create'; readonly name: string; readonly disposition: number; readonly isDeleted: boolean }
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'read'; readonly file: string; readonly offset: number }
  | { readonly kind: 'close'; readonly file: string }
  | { readonly kind: 'change'; readonly file: string; readonly change: FileChange }
  | { readonly kind: 'named-change'; readonly name: string; readonly change: FileChange; readonly isFolder: boolean }
  | { readonly kind: 'transact'; readonly file: string }
  | { readonly kind: 'login' };

/** One command of a message. */
interface Block {
  readonly bytes: Buffer;
  readonly isOrig: boolean;
  readonly isWhole: boolean;
  readonly command: number;
  /** Place of the first word, and of the bytes behind the words. */
  readonly words: number;
  readonly data: number;
  /** Where the bytes end. */
  readonly end: number;
  readonly wordCount: number;
  readonly isUnicode: boolean;
  readonly treeId: number;
  readonly status: number;
  /** What an answer has in common with its request: command, process and number. */
  readonly key: string;
}

/** Reads the messages of SMB 1 (MS-CIFS, MS-SMB), which old machines speak, and who looks for them. */
export class Smb1Messages {
  readonly #context: AnalyzerContext;
  readonly #shares: Shares;
  readonly #ntlm: NtlmLogin;
  readonly #pending = new Recent<string, Request>();

  constructor(context: AnalyzerContext, shares: Shares, ntlm: NtlmLogin) {
    this.#context = context;
    this.#shares = shares;
    this.#ntlm = ntlm;
  }

  message(isOrig: boolean, bytes: Buffer, isWhole: boolean): void {
    if (bytes.length < headerBytes + 3) return;
    const isReply = (numberAt(bytes, 9, 1) & flagReply) !== 0;
    for (const block of blocksOf(bytes, isOrig, isWhole)) {
      if (isReply) this.#reply(block);
      else this.#request(block);
    }
  }

  #request(block: Block): void {
    if (block.command === command.writeAndX) this.#write(block);
    else if (block.command === command.sessionSetupAndX) this.#login(block);
    const request = requestOf(block);
    if (request === undefined) return;
    if (request.kind === 'transact') this.#transact(block, request.file, 22, 24);
    this.#pending.set(block.key, request);
  }

  #login({ bytes, words, data }: Block): void {
    this.#ntlm.request(bytes.subarray(words));
    if (isSpnego(bytes[data])) this.#context.confirm('gssapi');
  }

  #reply(block: Block): void {
    const { key, status, bytes, words, treeId } = block;
    const request = this.#pending.get(key);
    if (request === undefined) return;
    this.#pending.delete(key);
    if (request.kind === 'login') {
      this.#ntlm.challenge(bytes.subarray(words));
      if (status !== statusMoreProcessing) this.#ntlm.outcome(status === 0);
    } else if (request.kind === 'close') this.#shares.closed(request.file);
    else if (status === 0 || status === statusOverflow) this.#done(request, block, treeId);
  }

  /** What was asked for was done. */
  #done(request: Exclude<Request, { kind: 'close' | 'login' }>, block: Block, treeId: number): void {
    const { isOrig, bytes, isWhole, words, data } = block;
    switch (request.kind) {
      case 'tree':
        this.#shares.mapped(
          treeId,
          request.path,
          typeOfShare(stringAt({ ...block, isUnicode: false }, data)),
          'NT LM 0.12',
        );
        break;
      case 'create':
        this.#created(request, block);
        break;
      case 'open':
        this.#opened(request.name, block);
        break;
      case 'read':
        this.#shares.content(isOrig, bytes, isWhole, {
          file: request.file,
          kind: 'read',
          offset: request.offset,
          length: numberAt(bytes, words + 10, 2) + 0x1_0000 * numberAt(bytes, words + 14, 2),
          at: numberAt(bytes, words + 12, 2),
        });
        break;
      case 'change':
        this.#shares.changed(request.file, request.change);
        break;
      case 'named-change':
        this.#shares.changedByName(treeId, request.name, request.change, request.isFolder);
        break;
      case 'transact':
        this.#transact(block, request.file, 12, 14);
        break;
    }
  }

  #created(
    { name, disposition, isDeleted }: Extract<Request, { kind: 'create' }>,
    { bytes, words, treeId }: Block,
  ): void {
    const attributes = numberAt(bytes, words + 43, 4);
    this.#shares.opened({
      id: fileAt(bytes, words + 5),
      treeId,
      name,
      size: offsetAt(bytes, words + 55),
      isFolder: (attributes & attributeFolder) !== 0 || numberAt(bytes, words + 67, 1) !== 0,
      isDeleted,
      facts: { outcome: createOutcomes[numberAt(bytes, words + 7, 4)], disposition, ...fileTimesAt(bytes, words + 11) },
    });
  }

  #opened(name: string, { bytes, words, treeId }: Block): void {
    const isFolder = (numberAt(bytes, words + 6, 2) & attributeFolder) !== 0;
    const size = numberAt(bytes, words + 12, 4);
    this.#shares.opened({ id: fileAt(bytes, words + 4), treeId, name, size, isFolder, isDeleted: false, facts: {} });
  }

  #write({ bytes, isOrig, isWhole, words, wordCount }: Block): void {
    this.#shares.content(isOrig, bytes, isWhole, {
      file: fileAt(bytes, words + 4),
      kind: 'write',
      offset: placeAt(bytes, words + 6, wordCount >= 14 ? words + 24 : undefined),
      length: numberAt(bytes, words + 20, 2) + 0x1_0000 * numberAt(bytes, words + 18, 2),
      at: numberAt(bytes, words + 22, 2),
    });
  }

  /** What a transaction brings to a pipe or takes from it: length and place stand among its words. */
  #transact({ bytes, isOrig, words }: Block, file: string, length: number, at: number): void {
    this.#shares.pipeContent(isOrig, bytes, file, numberAt(bytes, words + at, 2), numberAt(bytes, words + length, 2));
  }
}

/** The commands of a message; the place of each further one stands in the one before it, and has to lie behind it. */
function* blocksOf(bytes: Buffer, isOrig: boolean, isWhole: boolean): Generator<Block> {
  const asker = `${numberAt(bytes, 26, 2)} ${numberAt(bytes, 30, 2)}`;
  const common = {
    bytes,
    isOrig,
    isWhole,
    isUnicode: (numberAt(bytes, 10, 2) & flagUnicode) !== 0,
    treeId: numberAt(bytes, 24, 2),
    status: numberAt(bytes, 5, 4),
  };
  let number = numberAt(bytes, 4, 1);
  for (let at = headerBytes, left = maxChained; left > 0 && at + 3 <= bytes.length; left--) {
    const wordCount = numberAt(bytes, at, 1);
    const words = at + 1;
    const data = words + 2 * wordCount + 2;
    yield {
      ...common,
      command: number,
      words,
      data,
      end: data + numberAt(bytes, data - 2, 2),
      wordCount,
      key: `${number} ${asker}`,
    };
    const isChained = chaining.has(number) && wordCount >= 2;
    const next = isChained ? numberAt(bytes, words + 2, 2) : 0;
    number = isChained ? numberAt(bytes, words, 1) : noCommand;
    if (number === noCommand || next <= at) return;
    at = next;
  }
}

/** Undefined for what tells nothing, and for what is known without its answer. */
function requestOf(block: Block): Request | undefined {
  const { bytes, words, data, wordCount } = block;
  switch (block.command) {
    case command.sessionSetupAndX:
      return { kind: 'login' };
    case command.treeConnectAndX:
      return { kind: 'tree', path: stringAt(block, data + numberAt(bytes, words + 6, 2)) };
    case command.ntCreateAndX:
      return {
        kind: 'create',
        name: nameAt(block, data),
        disposition: numberAt(bytes, words + 35, 4),
        isDeleted: (numberAt(bytes, words + 39, 4) & optionDeleteOnClose) !== 0,
      };
    case command.openAndX:
      return { kind: 'open', name: nameAt(block, data) };
    case command.readAndX: {
      const offset = placeAt(bytes, words + 6, wordCount >= 12 ? words + 20 : undefined);
      return { kind: 'read', file: fileAt(bytes, words + 4), offset };
    }
    case command.close:
      return { kind: 'close', file: fileAt(bytes, words) };
    case command.delete:
    case command.deleteFolder:
    case command.rename:
      return namedChangeOf(block);
    case command.transaction2:
      return changeOf(block);
    case command.transaction:
      return numberAt(bytes, words + 28, 2) === transactPipe
        ? { kind: 'transact', file: fileAt(bytes, words + 30) }
        : undefined;
    default:
      return undefined;
  }
}

/** Names stand behind a byte that says what they are. */
function namedChangeOf(block: Block): Request {
  const { data } = block;
  const name = nameAt(block, data + 1);
  const isFolder = block.command === command.deleteFolder;
  if (block.command !== command.rename) return { kind: 'named-change', name, change: { action: 'delete' }, isFolder };
  const second = endOfString(block, data + 1) + 1;
  return { kind: 'named-change', name, change: { action: 'rename', name: nameAt(block, second) }, isFolder };
}

/** An open file that is renamed or marked to be deleted (MS-CIFS, 2.2.6.9.1; MS-FSCC, 2.4.11, 2.4.42). */
function changeOf({ bytes, words }: Block): Request | undefined {
  if (numberAt(bytes, words + 28, 2) !== setFileInformation) return undefined;
  const parameters = numberAt(bytes, words + 20, 2);
  const at = numberAt(bytes, words + 24, 2);
  const file = fileAt(bytes, parameters);
  switch (numberAt(bytes, parameters + 2, 2)) {
    case setClasses.disposition:
    case setClasses.dispositionPassThrough:
      return (numberAt(bytes, at, 1) & 1) === 1 ? { kind: 'change', file, change: { action: 'delete' } } : undefined;
    case setClasses.rename: {
      const length = numberAt(bytes, at + 8, 4);
      const isThere = length > 0 && length % 2 === 0 && at + 12 + length <= bytes.length;
      if (!isThere) return undefined;
      const name = relative(wideText(bytes, at + 12, at + 12 + length));
      return { kind: 'change', file, change: { action: 'rename', name } };
    }
    default:
      return undefined;
  }
}

/** What stands for an open file: a number. */
function fileAt(bytes: Buffer, at: number): string {
  return `fid ${numberAt(bytes, at, 2)}`;
}

/** A place in a file, whose upper half stands elsewhere where there is one. */
function placeAt(bytes: Buffer, low: number, high: number | undefined): number {
  const upper = high === undefined ? 0 : numberAt(bytes, high, 4);
  return Math.min(numberAt(bytes, low, 4) + 0x1_0000_0000 * upper, Number.MAX_SAFE_INTEGER);
}

/** Longest name that is read. */
const maxTextBytes = 4096;

/** Text up to a zero, or to the end of the bytes. In UTF-16 it begins at an even place of the message. */
function stringAt(block: Block, at: number): string {
  const { bytes, isUnicode } = block;
  const start = isUnicode ? at + (at % 2) : at;
  const end = endOfText(block, start);
  if (end <= start) return '';
  return isUnicode ? wideText(bytes, start, end) : wireText(bytes.subarray(start, end));
}

/** The name of a file in its share, as later versions have it: without the backslash that it begins with here. */
function nameAt(block: Block, at: number): string {
  return relative(stringAt(block, at));
}

function relative(name: string): string {
  return name.startsWith('\\') ? name.slice(1) : name;
}

/** Behind the zero of a string. */
function endOfString(block: Block, at: number): number {
  const { isUnicode } = block;
  return endOfText(block, isUnicode ? at + (at % 2) : at) + (isUnicode ? 2 : 1);
}

function endOfText({ bytes, isUnicode, end }: Block, start: number): number {
  const limit = Math.min(bytes.length, end, start + maxTextBytes);
  const step = isUnicode ? 2 : 1;
  let at = start;
  while (at + step <= limit && numberAt(bytes, at, step) !== 0) at += step;
  return at;
}

/** By the service that the answer names (MS-CIFS, 2.2.4.55.2). */
function typeOfShare(service: string): number {
  if (service === 'IPC') return shareType.pipe;
  return service.startsWith('LPT') ? shareType.printer : shareType.disk;
}
