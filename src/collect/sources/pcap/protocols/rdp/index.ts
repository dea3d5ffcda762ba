import type { EventOf } from '../../../../../events/event.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { asciiText } from '../../wire/text.ts';
import { clientSettings, serverSettings } from './gcc.ts';
import { failureNames } from './names.ts';

export const analyzer = defineAnalyzer({
  id: 'rdp',
  title: 'RDP',
  description:
    'The connection request of RDP: user cookie, security that is offered and chosen. Behind it TLS is read; what it encrypts is not. Where RDP encrypts itself, ' +
    'the names of client and channels and the encryption are told.',
  references: ['https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpbcgr'],
  emits: ['log'],
  service: 'rdp',
  transports: ['tcp'],
  ports: [3389],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < 11) return orig.length === 0 || orig[0] === 3 ? 'more' : 'no';
    const length = ((orig[2] ?? 0) << 8) | (orig[3] ?? 0);
    const isRequest = orig[0] === 3 && orig[1] === 0 && orig[5] === connectionRequest && orig[4] === length - 5;
    // Controllers (S7, MMS) have parameters of X.224 where RDP has its cookie or its negotiation.
    return isRequest && (orig[11] ?? 0) < firstParameter ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new RdpConnection(context) }),
});

/** X.224 TPDU codes. */
const connectionRequest = 0xe0;
const connectionConfirm = 0xd0;
const firstParameter = 0xc0;
/** Longest TPKT that is a connection request or its answer. */
const maxPacketBytes = 1024;
/** The same for the settings of both sides, which hold a certificate. */
const maxSettingsBytes = 16_384;

const protocols: Readonly<Record<number, string>> = { 0: 'RDP', 1: 'SSL', 2: 'HYBRID', 4: 'RDSTLS', 8: 'HYBRID_EX' };

class RdpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #held: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  /** Under Zeek's names. */
  readonly #facts: Record<string, unknown> = { cert_count: 0 };
  #cookie: string | undefined;
  #event: EventOf<'log'> | undefined;
  #state: 'request' | 'settings' | 'done' = 'request';
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner !== undefined) this.#inner.data(isOrig, bytes);
    else if (this.#state !== 'done') this.#packet(isOrig, bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#state = 'done';
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    event.fields = JSON.stringify(this.#facts);
    event.user_name = this.#cookie ?? null;
    this.#context.emit(event);
  }

  #packet(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 0 : 1;
    const bound = this.#state === 'request' ? maxPacketBytes : maxSettingsBytes;
    let held = Buffer.concat([this.#held[side], bytes.subarray(0, bound)]);
    while (held.length >= 4 && this.#isReading()) {
      const length = held.readUInt16BE(2);
      if (held[0] !== 3 || length > bound || length < 7) {
        this.#fail();
        return;
      }
      if (held.length < length) break;
      this.#tpdu(isOrig, held.subarray(4, length));
      held = held.subarray(length);
    }
    this.#held[side] = Buffer.from(held);
  }

  #isReading(): boolean {
    return this.#state !== 'done' && this.#inner === undefined;
  }

  /** Behind the negotiation anything may come: what is known by then stays told. */
  #fail(): void {
    const isRequest = this.#state === 'request';
    this.#state = 'done';
    if (!isRequest) return;
    this.close();
    this.#context.violation('no RDP connection request');
  }

  #tpdu(isOrig: boolean, tpdu: Buffer): void {
    if (this.#state === 'settings') this.#settings(isOrig, tpdu);
    else if (isOrig && tpdu[1] === connectionRequest) {
      this.#event ??= logRecord(this.#context, 'rdp', {});
      const cookie = /^Cookie: mstshash=(?<user>[^\r\n]{0,128})/.exec(asciiText(tpdu, 7))?.groups?.['user'];
      if (cookie !== undefined) this.#facts['cookie'] = this.#cookie = cookie;
    } else if (!isOrig && tpdu[1] === connectionConfirm) this.#confirm(tpdu);
  }

  /** The server's choice stands in a negotiation response (type 2) behind the header; a failure (type 3) refuses. */
  #confirm(tpdu: Buffer): void {
    this.#context.confirm();
    this.#state = 'settings';
    const choice = tpdu.length >= 15 ? tpdu.readUInt32LE(11) : 0;
    if (tpdu[7] === 3) {
      this.#facts['result'] = failureNames[choice] ?? `failure_code-${choice}`;
      this.#state = 'done';
      return;
    }
    this.#facts['result'] = 'encrypted';
    this.#facts['security_protocol'] = protocols[choice] ?? `security_protocol-${choice}`;
    if (choice !== 0) this.#inner = this.#context.inner('tls');
  }

  /** The settings of the client come first, those of the server end what can be read. */
  #settings(isOrig: boolean, tpdu: Buffer): void {
    const facts = isOrig ? clientSettings(tpdu) : serverSettings(tpdu);
    if (facts === undefined) return;
    Object.assign(this.#facts, facts);
    if (!isOrig) this.#state = 'done';
  }
}
