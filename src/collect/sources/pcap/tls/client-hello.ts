import { Cursor } from '../wire/cursor.ts';
import { wireText } from '../wire/text.ts';
import { dataOf, extensionType, numbersOf, readExtensions, type Extension } from './extensions.ts';

export interface ClientHello {
  /** `legacy_version`: 0x0303 for TLS 1.2 and later. */
  readonly version: number;
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly extensions: readonly Extension[];
  /** First host name of the SNI extension. */
  readonly serverName: string | undefined;
  /** Protocols offered, as bytes: some clients send others than ASCII. */
  readonly protocols: readonly Uint8Array[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly supportedVersions: readonly number[];
}

/**
 * The body of a ClientHello (RFC 8446, 4.1.2; DTLS has a cookie more). Undefined when it is cut before the end of the cipher
 * suites; extensions are read as far as they go. Slices are views of `bytes`.
 */
export function readClientHello(bytes: Uint8Array, isDatagram = false): ClientHello | undefined {
  const cursor = new Cursor(bytes);
  const version = cursor.u16();
  cursor.skip(32);
  const sessionId = cursor.vector(1);
  if (isDatagram) cursor.vector(1);
  const cipherSuites = numbersOf(cursor.vector(2));
  if (cursor.isCut || sessionId.length > 32) return undefined;
  cursor.vector(1);
  const extensions = cursor.left >= 2 ? readExtensions(cursor.vector(2)) : [];
  const listIn = (type: number, lengthBytes: 1 | 2): Uint8Array => {
    const data = dataOf(extensions, type);
    return data === undefined ? new Uint8Array(0) : new Cursor(data).vector(lengthBytes);
  };
  return {
    version,
    sessionId,
    cipherSuites,
    extensions,
    serverName: serverNameIn(extensions),
    protocols: protocolsIn(dataOf(extensions, extensionType.alpn)),
    groups: numbersOf(listIn(extensionType.supportedGroups, 2)),
    pointFormats: [...listIn(extensionType.pointFormats, 1)],
    signatureAlgorithms: numbersOf(listIn(extensionType.signatureAlgorithms, 2)),
    supportedVersions: numbersOf(listIn(extensionType.supportedVersions, 1)),
  };
}

/** Protocols of an ALPN extension (RFC 7301) in order. */
export function protocolsIn(data: Uint8Array | undefined): Uint8Array[] {
  if (data === undefined) return [];
  const cursor = new Cursor(new Cursor(data).vector(2));
  const protocols: Uint8Array[] = [];
  while (cursor.left > 0) {
    const protocol = cursor.vector(1);
    if (cursor.isCut) break;
    protocols.push(protocol);
  }
  return protocols;
}

/** The first name of the SNI extension (RFC 6066, 3). */
function serverNameIn(extensions: readonly Extension[]): string | undefined {
  const data = dataOf(extensions, extensionType.serverName);
  if (data === undefined) return undefined;
  const cursor = new Cursor(new Cursor(data).vector(2));
  while (cursor.left >= 3) {
    const type = cursor.u8();
    const name = cursor.vector(2);
    if (type === 0 && name.length > 0) return wireText(name);
  }
  return undefined;
}
