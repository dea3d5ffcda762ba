import { maxHeldBytes, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { contentType } from '../../tls/record-stream.ts';
import { Cursor } from '../../wire/cursor.ts';
import type { CertificateLog } from './certificates.ts';
import { Handshake } from './handshake.ts';

const recordHeaderBytes = 13;

/** A handshake message that comes in fragments: its number, type and what came of it. */
interface Assembly {
  readonly sequence: number;
  readonly type: number;
  readonly bytes: Buffer;
  /** Bytes from the start that are there. */
  length: number;
}

interface Side {
  assembly: Assembly | undefined;
  /** Number of the next message: repeated ones are passed over. */
  next: number;
  isEncrypted: boolean;
}

const newSide = (): Side => ({ assembly: undefined, next: 0, isEncrypted: false });

/** DTLS 1.0 and 1.2 over UDP (RFC 6347). Fragments that overtake one another are waited for: the sender repeats what is not answered. */
export class DtlsConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #handshake: Handshake;
  readonly #sides = [newSide(), newSide()] as const;
  #isDone = false;

  constructor(context: AnalyzerContext, log: CertificateLog) {
    this.#context = context;
    this.#handshake = new Handshake(context, log, 'dtls');
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isDone) return;
    const cursor = new Cursor(bytes);
    while (cursor.left > 0) {
      const isRecord = isDtlsRecord(bytes, cursor.position);
      if (!isRecord) {
        this.#notDtls();
        return;
      }
      const type = cursor.u8();
      cursor.skip(2);
      const epoch = cursor.u16();
      cursor.skip(6);
      const payload = cursor.vector(2);
      if (cursor.isCut) return;
      this.#record(isOrig, type, epoch, payload);
    }
  }

  close(): void {
    this.#finish(false);
  }

  #record(isOrig: boolean, type: number, epoch: number, payload: Uint8Array): void {
    const side = this.#sides[isOrig ? 0 : 1];
    if (epoch > 0) {
      side.isEncrypted = true;
      if (this.#sides[0].isEncrypted && this.#sides[1].isEncrypted) this.#finish(true);
      return;
    }
    if (type === contentType.changeCipherSpec) this.#handshake.changeCipherSpec(isOrig);
    else if (type === contentType.alert && payload.length === 2) this.#handshake.alert(isOrig, payload[1] ?? 0);
    else if (type === contentType.handshake) this.#fragments(isOrig, side, payload);
  }

  #fragments(isOrig: boolean, side: Side, payload: Uint8Array): void {
    const cursor = new Cursor(payload);
    while (cursor.left > 0) {
      const type = cursor.u8();
      const length = cursor.u24();
      const sequence = cursor.u16();
      const offset = cursor.u24();
      const fragment = cursor.vector(3);
      if (cursor.isCut || length > maxHeldBytes || offset + fragment.length > length) return;
      if (sequence < side.next) continue;
      if (side.assembly?.sequence !== sequence) {
        side.assembly = { sequence, type, bytes: Buffer.alloc(length), length: 0 };
      }
      this.#add(isOrig, side, side.assembly, offset, fragment);
    }
  }

  #add(isOrig: boolean, side: Side, assembly: Assembly, offset: number, fragment: Uint8Array): void {
    const end = offset + fragment.length;
    if (offset > assembly.length || end > assembly.bytes.length) return;
    assembly.bytes.set(fragment, offset);
    assembly.length = Math.max(assembly.length, end);
    if (assembly.length < assembly.bytes.length) return;
    side.assembly = undefined;
    side.next = assembly.sequence + 1;
    this.#handshake.message(isOrig, assembly.type, assembly.bytes);
  }

  #notDtls(): void {
    const hasServerHello = this.#handshake.hasServerHello;
    this.#finish(false);
    if (!hasServerHello) this.#context.violation('no DTLS record');
  }

  #finish(isEstablished: boolean): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#handshake.finish(isEstablished);
  }
}

/** A record of DTLS 1.0 or 1.2 begins here. */
export function isDtlsRecord(bytes: Uint8Array, at = 0): boolean {
  const type = bytes[at] ?? 0;
  const minor = bytes[at + 2];
  const isVersion = bytes[at + 1] === 0xfe && (minor === 0xff || minor === 0xfd);
  return bytes.length - at >= recordHeaderBytes && type >= 20 && type <= 25 && isVersion;
}
