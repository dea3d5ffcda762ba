import type { AnalyzerContext } from './analyzer.ts';
import { logRecord } from './log-record.ts';
import { asBuffer, wideText } from './wire/text.ts';

const mark = Buffer.from('NTLMSSP\0', 'latin1');
const challengeType = 2;
const authenticateType = 3;
/** Names that a server tells of itself (MS-NLMP, 2.2.2.1), under Zeek's names. */
const serverNames: Readonly<
  Record<number, 'server_nb_computer_name' | 'server_dns_computer_name' | 'server_tree_name'>
> = {
  1: 'server_nb_computer_name',
  3: 'server_dns_computer_name',
  5: 'server_tree_name',
};

/** Who logs in, and what the server said of itself. */
export interface NtlmFacts {
  readonly username?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly server_nb_computer_name?: string;
  readonly server_dns_computer_name?: string;
  readonly server_tree_name?: string;
}

/** The log-in of one connection by NTLM (MS-NLMP), inside whatever protocol carries it: one record in `ntlm` when its outcome is known. */
export class NtlmLogin {
  readonly #context: AnalyzerContext;
  #server: NtlmFacts = {};
  #client: NtlmFacts | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  /** Bytes of the client that may hold a message of NTLM somewhere. */
  request(bytes: Uint8Array): void {
    const message = messageIn(bytes, authenticateType);
    if (message === undefined) return;
    const field = (at: number): string => textAt(message, at);
    this.#client = nonEmpty({ domainname: field(28), username: field(36), hostname: field(44) });
  }

  /** Bytes of the server that may. */
  challenge(bytes: Uint8Array): void {
    const message = messageIn(bytes, challengeType);
    if (message !== undefined) this.#server = namesOf(message);
  }

  /** Tells the log-in that waits, if one does. */
  outcome(success: boolean): void {
    if (this.#client === undefined) return;
    this.#context.confirm('ntlm');
    const event = logRecord(this.#context, 'ntlm', { ...this.#client, ...this.#server, success });
    event.user_name = this.#client.username ?? null;
    this.#client = undefined;
    this.#context.emit(event);
  }
}

function messageIn(bytes: Uint8Array, type: number): Buffer | undefined {
  const buffer = asBuffer(bytes);
  const start = buffer.indexOf(mark);
  if (start < 0 || start + 12 > buffer.length || buffer.readUInt32LE(start + 8) !== type) return undefined;
  return buffer.subarray(start);
}

/** A field of a message: length, and place of its text in UTF-16. Empty when it lies outside. */
function textAt(message: Buffer, at: number): string {
  if (at + 8 > message.length) return '';
  const length = message.readUInt16LE(at);
  const start = message.readUInt32LE(at + 4);
  return length % 2 === 0 && start + length <= message.length ? wideText(message, start, start + length) : '';
}

/** Names among the attribute pairs of a challenge; the list ends with a pair of type 0. */
function namesOf(message: Buffer): NtlmFacts {
  if (message.length < 48) return {};
  const end = Math.min(message.length, message.readUInt32LE(44) + message.readUInt16LE(40));
  const names: { -readonly [Key in keyof NtlmFacts]: NtlmFacts[Key] } = {};
  for (let at = message.readUInt32LE(44); at + 4 <= end;) {
    const name = serverNames[message.readUInt16LE(at)];
    const next = at + 4 + message.readUInt16LE(at + 2);
    if (next > end) break;
    if (name !== undefined) names[name] = wideText(message, at + 4, next);
    if (message.readUInt16LE(at) === 0) break;
    at = next;
  }
  return names;
}

function nonEmpty(facts: NtlmFacts): NtlmFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ''));
}
