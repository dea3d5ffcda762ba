import { childrenOf, contentOf, derTag, readElement, type DerElement } from '../../../../base/der.ts';
import { hexText } from '../wire/text.ts';

const explicitZero = 0xa0;
const revokedTag = 0xa1;
/** A server staples the status of its own certificate, and perhaps of some above it. */
const maxResponses = 20;

/**
 * Does the answer that a server staples to its handshake (OCSP, RFC 6960, 4.2.1) say that its certificate was revoked? `serial` is the
 * certificate's in hexadecimal. Its signature is not asked for: no server says so of itself without reason. False for what cannot be read.
 */
export function isStapledRevoked(response: Uint8Array, serial: string): boolean {
  const responses = responsesOf(response);
  return responses.some((single) => {
    const [certificate, status] = childrenOf(response, single, 3);
    if (certificate === undefined || status?.tag !== revokedTag) return false;
    const number = childrenOf(response, certificate, 4)[3];
    return number?.tag === derTag.integer && plainSerial(hexText(contentOf(response, number))) === plainSerial(serial);
  });
}

function responsesOf(bytes: Uint8Array): readonly DerElement[] {
  const inside = (element: DerElement | undefined, index: number): DerElement | undefined =>
    element === undefined ? undefined : childrenOf(bytes, element, index + 1)[index];
  const answer = inside(readElement(bytes, 0, bytes.length), 1);
  const wrapped = inside(inside(answer, 0), 1);
  if (wrapped?.tag !== derTag.octetString) return [];
  const data = inside(readElement(bytes, wrapped.contentStart, wrapped.end), 0);
  if (data === undefined) return [];
  // The version is there only when it is not the first.
  const [first, second, third, fourth] = childrenOf(bytes, data, 4);
  const list = first?.tag === explicitZero ? fourth : third;
  return second === undefined || list?.tag !== derTag.sequence ? [] : childrenOf(bytes, list, maxResponses);
}

function plainSerial(hex: string): string {
  return hex.toLowerCase().replace(/^0+/, '');
}
