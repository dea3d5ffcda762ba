import { Cursor } from '../wire/cursor.ts';
import { asciiText } from '../wire/text.ts';
import { dataOf, extensionType, readExtensions, type Extension } from './extensions.ts';

export interface ServerHello {
  /** `legacy_version` of the message: what JA3S takes. */
  readonly version: number;
  /** The version agreed on: of the supported_versions extension where there is one. */
  readonly selectedVersion: number;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  /** Records are compressed: never in TLS 1.3. */
  readonly isCompressed: boolean;
  readonly extensions: readonly Extension[];
  /** Group of the key share; undefined before TLS 1.3. */
  readonly group: number | undefined;
  /** It asks the client to begin again (RFC 8446, 4.1.3). */
  readonly isRetry: boolean;
}

const retryRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex').toString(
  'latin1',
);

/** The body of a ServerHello (RFC 8446, 4.1.3; the drafts up to 21 lack session id and compression). Undefined when it is cut. */
export function readServerHello(bytes: Uint8Array): ServerHello | undefined {
  const cursor = new Cursor(bytes);
  const version = cursor.u16();
  const random = cursor.take(32);
  const isEarlyDraft = version >> 8 === 0x7f;
  const sessionId = isEarlyDraft ? new Uint8Array(0) : cursor.vector(1);
  const cipherSuite = cursor.u16();
  const isCompressed = !isEarlyDraft && cursor.u8() !== 0;
  if (cursor.isCut) return undefined;
  const extensions = cursor.left >= 2 ? readExtensions(cursor.vector(2)) : [];
  return {
    version,
    selectedVersion: numberIn(extensions, extensionType.supportedVersions) ?? version,
    sessionId,
    cipherSuite,
    isCompressed,
    extensions,
    group: numberIn(extensions, extensionType.keyShare),
    isRetry: asciiText(random) === retryRandom,
  };
}

/** The two-byte number that an extension of a ServerHello begins with. */
function numberIn(extensions: readonly Extension[], type: number): number | undefined {
  const data = dataOf(extensions, type);
  return data === undefined || data.length < 2 ? undefined : new Cursor(data).u16();
}
