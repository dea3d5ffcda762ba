/** One element of DER (X.690): its tag, and where its content lies. */
export interface DerElement {
  /** The identifier byte: class, constructed flag and number together; 0x30 for a SEQUENCE. */
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** The element at `at`, which must end before `end`. Undefined for a cut one, a longer tag, an indefinite or a wasteful length. */
export function readElement(bytes: Uint8Array, at: number, end: number): DerElement | undefined {
  if (at + 2 > end) return undefined;
  const tag = bytes[at] ?? 0;
  if ((tag & 0x1f) === 0x1f) return undefined;
  const first = bytes[at + 1] ?? 0;
  let length = first;
  let contentStart = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || contentStart + count > end) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[contentStart + index] ?? 0);
    contentStart += count;
  }
  if (contentStart + length > end) return undefined;
  return { tag, start: at, contentStart, end: contentStart + length };
}

/** The elements inside another one, at most `limit`. What cannot be read ends the list. */
export function childrenOf(bytes: Uint8Array, parent: DerElement, limit = 1000): DerElement[] {
  const children: DerElement[] = [];
  let at = parent.contentStart;
  while (at < parent.end && children.length < limit) {
    const child = readElement(bytes, at, parent.end);
    if (child === undefined) break;
    children.push(child);
    at = child.end;
  }
  return children;
}

export function contentOf(bytes: Uint8Array, element: DerElement): Uint8Array {
  return bytes.subarray(element.contentStart, element.end);
}

/** `1.2.840.113549.1.1.1`; undefined when it is longer than any real one. */
export function objectIdentifierOf(bytes: Uint8Array, element: DerElement): string | undefined {
  const length = element.end - element.contentStart;
  if (length === 0 || length > 64) return undefined;
  const arcs: bigint[] = [];
  let value = 0n;
  for (const byte of contentOf(bytes, element)) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const first = value < 80n ? value / 40n : 2n;
      arcs.push(first, value - first * 40n);
    } else arcs.push(value);
    value = 0n;
  }
  return arcs.join('.');
}
