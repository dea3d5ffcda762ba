import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expandLabel, hmac } from '../../tls/decrypt/derive.ts';

/** Salt and labels by which a version of QUIC protects its first packets (RFC 9001, 5.2; RFC 9369, 3.3). */
interface Protection {
  readonly salt: Buffer;
  readonly label: string;
}

const version1: Protection = { salt: Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex'), label: 'quic' };
const version2: Protection = { salt: Buffer.from('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'hex'), label: 'quicv2' };
const draft29: Protection = { salt: Buffer.from('afbfec289993d24c9e9786f19c6111e04390a899', 'hex'), label: 'quic' };
const draft23: Protection = { salt: Buffer.from('c3eef712c72ebb5a11a7d2432bb46365bef9f502', 'hex'), label: 'quic' };

export const quicVersion2 = 0x6b3343cf;

/** Undefined for a version whose first packets cannot be read. */
export function protectionOf(version: number): Protection | undefined {
  if (version === 1) return version1;
  if (version === quicVersion2) return version2;
  const draft = version - 0xff000000;
  if (draft >= 29 && draft <= 34) return draft29;
  return draft >= 23 && draft <= 28 ? draft23 : undefined;
}

/** `1`, `quicv2`, `draft-29`; `unknown-N` in hexadecimal for others (zeek/zeek scripts/base/protocols/quic/consts.zeek). */
export function quicVersionName(version: number): string {
  if (version === 1) return '1';
  if (version === quicVersion2) return 'quicv2';
  const draft = version - 0xff000000;
  return draft >= 23 && draft <= 34 ? `draft-${draft}` : `unknown-${version.toString(16)}`;
}

/** Keys of one side for its Initial packets. */
export interface InitialKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly headerKey: Buffer;
}

/** Keys of both sides, made from the first destination connection id of the client: anybody who sees it can read along. */
export function initialKeys(
  { salt, label }: Protection,
  connectionId: Uint8Array,
): { readonly client: InitialKeys; readonly server: InitialKeys } {
  const secret = hmac('sha256', salt, connectionId);
  const side = (name: string): InitialKeys => {
    const own = expandLabel('sha256', secret, name, 32);
    return {
      key: expandLabel('sha256', own, `${label} key`, 16),
      iv: expandLabel('sha256', own, `${label} iv`, 12),
      headerKey: expandLabel('sha256', own, `${label} hp`, 16),
    };
  };
  return { client: side('client in'), server: side('server in') };
}

/**
 * Content of an Initial packet (RFC 9001, 5.3 and 5.4): undefined when it was not made with these keys. `packet` ends where its length says;
 * `numberAt` is the place of the protected packet number.
 */
export function openInitial(
  packet: Uint8Array,
  numberAt: number,
  { key, iv, headerKey }: InitialKeys,
): Buffer | undefined {
  const sample = packet.subarray(numberAt + 4, numberAt + 20);
  if (sample.length < 16) return undefined;
  const header = createCipheriv('aes-128-ecb', headerKey, null).setAutoPadding(false);
  const mask = header.update(sample);
  const first = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  const numberBytes = (first & 3) + 1;
  const associated = Buffer.from(packet.subarray(0, numberAt + numberBytes));
  associated[0] = first;
  const nonce = Buffer.from(iv);
  for (let index = 0; index < numberBytes; index++) {
    const byte = (packet[numberAt + index] ?? 0) ^ (mask[1 + index] ?? 0);
    associated[numberAt + index] = byte;
    const at = 12 - numberBytes + index;
    nonce[at] = (nonce[at] ?? 0) ^ byte;
  }
  const sealed = packet.subarray(numberAt + numberBytes);
  if (sealed.length < 16) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-16));
  const content = decipher.update(sealed.subarray(0, -16));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return content;
}
