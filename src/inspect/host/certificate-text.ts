/**
 * `C=DE\nCN=x` as `/C=DE/CN=x`: a name on one line as OpenSSL's X509_NAME_oneline writes it, which is what osquery shows. In a value `/` and
 * `+` get a backslash, and bytes that are no printable ASCII become `\xC5`. Node gives it as RFC 2253 does, with parts of one set between ` + `.
 */
export function oneLine(name: string): string {
  const parts = name === '' ? [] : name.split(/\n| \+ /);
  return parts.map((part) => `/${part.replaceAll(odd, rewritten)}`).join('');
}

/** What is escaped in RFC 2253, and what is to be. */
const odd = /\\(?<hex>[0-9A-F]{2})|\\(?<sign>.)|[/+]|[^ -~]+/g;

function rewritten(text: string, hex: string | undefined, sign = text): string {
  if (hex !== undefined) return String.raw`\x${hex}`;
  if (/^[ -~]+$/.test(sign)) return sign === '/' || sign === '+' ? `\\${sign}` : sign;
  return Buffer.from(sign)
    .toString('hex')
    .toUpperCase()
    .replaceAll(/../g, String.raw`\x$&`);
}

/** OIDs of RFC 3279, 4055, 5758 and 8410, as OpenSSL names them. */
const algorithms: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'md5WithRSAEncryption',
  '2a864886f70d010105': 'sha1WithRSAEncryption',
  '2a864886f70d01010a': 'rsassaPss',
  '2a864886f70d01010b': 'sha256WithRSAEncryption',
  '2a864886f70d01010c': 'sha384WithRSAEncryption',
  '2a864886f70d01010d': 'sha512WithRSAEncryption',
  '2a8648ce3d040302': 'ecdsa-with-SHA256',
  '2a8648ce3d040303': 'ecdsa-with-SHA384',
  '2a8648ce3d040304': 'ecdsa-with-SHA512',
  '2b6570': 'ED25519',
};

/**
 * The algorithm that a certificate is signed with: the first OID behind its inner part (RFC 5280, 4.1). Empty when it is none of
 * the known ones.
 */
export function signingAlgorithm(der: Uint8Array): string {
  const outer = elementAt(der, 0);
  const inner = outer && elementAt(der, outer.start);
  const algorithm = inner && elementAt(der, inner.end);
  const oid = algorithm && elementAt(der, algorithm.start);
  if (oid?.tag !== 0x06) return '';
  return algorithms[Buffer.from(der.subarray(oid.start, oid.end)).toString('hex')] ?? '';
}

/** Tag and content of one DER element; undefined when it is cut. */
function elementAt(
  der: Uint8Array,
  at: number,
): { readonly tag: number; readonly start: number; readonly end: number } | undefined {
  const [tag, first] = [der[at], der[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  let [start, length] = [at + 2, first];
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (der[start++] ?? 0);
  }
  return start + length > der.length ? undefined : { tag, start, end: start + length };
}
