import { decodeCbor, isCborTag, type CborKey, type CborValue } from './cbor.ts';
import { headers, payloadType, readChain, readHeaders, type Algorithm, type Envelope } from './envelope.ts';

const sign1Tag = 18;
const epochTag = 1;
/** Labels of COSE headers (RFC 9052 section 3.1, RFC 9360). */
const label = { algorithm: 1, critical: 2, contentType: 3, chain: 33 } as const;

/** RFC 9053 and 8812. */
const algorithmNames: ReadonlyMap<CborValue, Algorithm> = new Map([
  [-37, 'PS256'],
  [-38, 'PS384'],
  [-39, 'PS512'],
  [-7, 'ES256'],
  [-35, 'ES384'],
  [-36, 'ES512'],
]);

/** An envelope in COSE_Sign1 (Notary Project, signature-envelope-cose.md); a text says what is wrong. */
export function readCose(bytes: Buffer): Envelope | string {
  const outer = decodeCbor(bytes);
  const parts = isCborTag(outer) && outer.tag === sign1Tag ? outer.value : undefined;
  if (!Array.isArray(parts) || parts.length !== 4) return 'the envelope is no COSE_Sign1';
  const [protectedBytes, unsigned, payload, signature] = parts;
  if (!Buffer.isBuffer(protectedBytes) || !Buffer.isBuffer(payload) || !Buffer.isBuffer(signature)) {
    return 'protected header, payload or signature is missing';
  }
  const signed = decodeCbor(protectedBytes);
  if (!(signed instanceof Map) || !(unsigned instanceof Map)) return 'the headers are no maps';
  const algorithm = algorithmNames.get(signed.get(label.algorithm));
  if (algorithm === undefined) return 'the algorithm is not allowed';
  const contentType = signed.get(label.contentType);
  if (contentType !== payloadType) return `the payload is ${JSON.stringify(contentType)}`;
  const critical = signed.get(label.critical);
  const read = readHeaders((name) => untagged(signed, name), Array.isArray(critical) ? critical : []);
  if (typeof read === 'string') return read;
  const chain = readChain(certificatesIn(unsigned.get(label.chain)));
  if (typeof chain === 'string') return chain;
  const timestamp = unsigned.get(headers.timestamp);
  return {
    form: 'COSE',
    algorithm,
    signedBytes: signatureStructure(protectedBytes, payload),
    signature,
    payload,
    ...read,
    chain,
    ...(Buffer.isBuffer(timestamp) ? { timestamp } : {}),
  };
}

/** Times are tagged as seconds since 1970. */
function untagged(map: ReadonlyMap<CborKey, CborValue>, name: string): unknown {
  const value = map.get(name);
  return isCborTag(value ?? null) && (value as { tag: number }).tag === epochTag
    ? (value as { value: CborValue }).value
    : value;
}

/** One certificate stands alone, several in a list. */
function certificatesIn(value: CborValue): (Buffer | undefined)[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((one) => (Buffer.isBuffer(one) ? one : undefined));
}

/** `Sig_structure` of RFC 9052 section 4.4, without external data. */
function signatureStructure(protectedBytes: Buffer, payload: Buffer): Buffer {
  const context = Buffer.from('Signature1');
  return Buffer.concat([
    Buffer.of(0x84),
    head(3, context.length),
    context,
    head(2, protectedBytes.length),
    protectedBytes,
    head(2, 0),
    head(2, payload.length),
    payload,
  ]);
}

/** Head of a text or byte string in the shortest form. */
function head(major: number, length: number): Buffer {
  const top = major << 5;
  if (length < 24) return Buffer.of(top | length);
  if (length < 2 ** 8) return Buffer.of(top | 24, length);
  const size = length < 2 ** 16 ? 2 : 4;
  const bytes = Buffer.alloc(1 + size, top | (size === 2 ? 25 : 26));
  bytes.writeUIntBE(length, 1, size);
  return bytes;
}
