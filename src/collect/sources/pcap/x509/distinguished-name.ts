import { hexText, wideText } from '../wire/text.ts';
import { childrenOf, contentOf, derTag, objectIdentifierOf, type DerElement } from '../../../../base/der.ts';
import { attributeName, isKnownAttribute } from './names.ts';

/**
 * A distinguished name in the form of RFC 2253 as OpenSSL prints it: last part first, `,` between parts and `+` inside one,
 * bytes beyond ASCII as `\C3\BC` of their UTF-8, unknown attributes by number with their DER in hexadecimal.
 */
export function distinguishedName(bytes: Uint8Array, name: DerElement): string {
  const parts = childrenOf(bytes, name).map((part) => {
    const pairs = childrenOf(bytes, part).map((pair) => attributeText(bytes, pair));
    return pairs.reverse().join('+');
  });
  return parts.reverse().join(',');
}

function attributeText(bytes: Uint8Array, pair: DerElement): string {
  const [type, value] = childrenOf(bytes, pair, 2);
  const oid = type?.tag === derTag.objectIdentifier ? objectIdentifierOf(bytes, type) : undefined;
  if (oid === undefined || value === undefined) return '';
  const text = isKnownAttribute(oid) ? textOf(bytes, value) : undefined;
  const shown =
    text === undefined ? `#${hexText(bytes.subarray(value.start, value.end)).toUpperCase()}` : escaped(text);
  return `${attributeName(oid)}=${shown}`;
}

/** The last common name of a name: what host names are compared with where there is no alternative name. */
export function commonNameOf(bytes: Uint8Array, name: DerElement): string | undefined {
  let found: string | undefined;
  for (const part of childrenOf(bytes, name)) {
    for (const pair of childrenOf(bytes, part)) {
      const [type, value] = childrenOf(bytes, pair, 2);
      if (type === undefined || value === undefined || objectIdentifierOf(bytes, type) !== '2.5.4.3') continue;
      found = textOf(bytes, value) ?? found;
    }
  }
  return found;
}

/** Text of the string types of ASN.1; undefined for other types. Latin-1 stands for T.61, as everywhere. */
function textOf(bytes: Uint8Array, value: DerElement): string | undefined {
  const content = Buffer.from(contentOf(bytes, value));
  switch (value.tag) {
    case derTag.utf8String:
      return content.toString('utf8');
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // TeletexString
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return content.toString('latin1');
    case 0x1e: // BMPString
      return content.length % 2 === 0 ? wideText(content.swap16()) : undefined;
    default:
      return undefined;
  }
}

/** Escapes of RFC 2253, 2.4; control characters and bytes beyond ASCII in hexadecimal. */
function escaped(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[# ]|(?<=.) $/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (byte) => `\\${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
