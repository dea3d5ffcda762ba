import { Cursor } from '../wire/cursor.ts';

/** Extension numbers that something here looks at (IANA, TLS ExtensionType Values). */
export const extensionType = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  encryptedClientHello: 0xfe0d,
} as const;

/** Extensions of a hello in order; a hello has two bytes for their length, so there are at most 16,384. */
export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

export function readExtensions(bytes: Uint8Array): Extension[] {
  const cursor = new Cursor(bytes);
  const extensions: Extension[] = [];
  while (cursor.left >= 4) {
    const type = cursor.u16();
    const data = cursor.vector(2);
    if (cursor.isCut) break;
    extensions.push({ type, data });
  }
  return extensions;
}

export function dataOf(extensions: readonly Extension[], type: number): Uint8Array | undefined {
  return extensions.find((extension) => extension.type === type)?.data;
}

/** Two-byte numbers one after another. */
export function numbersOf(bytes: Uint8Array): number[] {
  const cursor = new Cursor(bytes);
  const numbers: number[] = [];
  while (cursor.left >= 2) numbers.push(cursor.u16());
  return numbers;
}

/** Values that clients mix in so that servers stay tolerant (RFC 8701): `0x0a0a`, `0x1a1a` … `0xfafa`. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}
