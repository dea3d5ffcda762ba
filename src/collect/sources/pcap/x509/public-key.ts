import { hexText } from '../wire/text.ts';
import {
  childrenOf,
  contentOf,
  derTag,
  objectIdentifierOf,
  readElement,
  type DerElement,
} from '../../../../base/der.ts';
import { algorithmName, curveOf } from './names.ts';

export interface PublicKey {
  readonly algorithm: string;
  /** Zeek's kind: `rsa`, `dsa`, `ecdsa`, or `unknown`. */
  readonly type: 'rsa' | 'dsa' | 'ecdsa' | 'unknown';
  /** Length in bits; undefined where it cannot be told. */
  readonly bits: number | undefined;
  /** Public exponent of an RSA key, decimal. */
  readonly exponent: string | undefined;
  readonly curve: string | undefined;
}

/** A SubjectPublicKeyInfo (RFC 3279, RFC 5480). */
export function readPublicKey(bytes: Uint8Array, info: DerElement): PublicKey {
  const [identifier, key] = childrenOf(bytes, info, 2);
  const [algorithm, parameters] = identifier === undefined ? [] : childrenOf(bytes, identifier, 2);
  const oid = algorithm === undefined ? undefined : objectIdentifierOf(bytes, algorithm);
  const base = { algorithm: algorithmName(oid ?? 'unknown'), exponent: undefined, curve: undefined } as const;
  switch (oid) {
    case '1.2.840.113549.1.1.1':
    case '1.2.840.113549.1.1.10':
      return { ...base, type: 'rsa', ...(key === undefined ? noNumbers : rsaNumbers(bytes, key)) };
    case '1.2.840.10045.2.1': {
      const curveOid = parameters?.tag === derTag.objectIdentifier ? objectIdentifierOf(bytes, parameters) : undefined;
      const curve = curveOid === undefined ? undefined : curveOf(curveOid);
      return { ...base, type: 'ecdsa', bits: curve?.bits, curve: curve?.name ?? curveOid };
    }
    case '1.2.840.10040.4.1': {
      const prime = parameters === undefined ? undefined : childrenOf(bytes, parameters, 1)[0];
      return { ...base, type: 'dsa', bits: prime === undefined ? undefined : bitLength(contentOf(bytes, prime)) };
    }
    case undefined:
    default:
      return { ...base, type: 'unknown', bits: undefined };
  }
}

const noNumbers = { bits: undefined, exponent: undefined };

function rsaNumbers(bytes: Uint8Array, key: DerElement): Pick<PublicKey, 'bits' | 'exponent'> {
  // A BIT STRING begins with the count of unused bits.
  const sequence = readElement(bytes, key.contentStart + 1, key.end);
  const [modulus, exponent] = sequence === undefined ? [] : childrenOf(bytes, sequence, 2);
  if (modulus === undefined || exponent === undefined) return noNumbers;
  const digits = contentOf(bytes, exponent);
  return {
    bits: bitLength(contentOf(bytes, modulus)),
    exponent: digits.length === 0 || digits.length > 64 ? undefined : BigInt(`0x${hexText(digits)}`).toString(),
  };
}

/** Length of a positive number without its leading zeros. */
function bitLength(number: Uint8Array): number {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  return start === number.length ? 0 : (number.length - start) * 8 - (Math.clz32(number[start] ?? 0) - 24);
}
