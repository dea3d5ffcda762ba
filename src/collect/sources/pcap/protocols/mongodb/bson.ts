/** Bytes of the values of types that have one length (BSON 1.1). */
const fixedBytes: Readonly<Record<number, number>> = {
  0x01: 8,
  0x06: 0,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
  0x13: 16,
  0x7f: 0,
  0xff: 0,
};
const typeDouble = 0x01;
const typeText = 0x02;
const typeDocument = 0x03;
const typeArray = 0x04;
const typeBinary = 0x05;
const typeBoolean = 0x08;
const typeInteger = 0x10;
/** Elements of one document that are looked at. */
const maxElements = 100;
const maxNameBytes = 256;

/** An element of a document: its name, and its value where it is a text or a number. */
export interface BsonElement {
  readonly name: string;
  readonly value: string | number | undefined;
}

/** Elements on the top of a document, as many as are whole and can be told apart. */
export function* elementsOf(document: Buffer): Generator<BsonElement> {
  let at = 4;
  for (let left = maxElements; left > 0 && at < document.length; left--) {
    const type = document[at] ?? 0;
    const nameEnd = document.subarray(0, at + 1 + maxNameBytes).indexOf(0, at + 1);
    if (type === 0 || nameEnd < 0) return;
    const start = nameEnd + 1;
    const length = valueBytes(document, type, start);
    if (length === undefined || start + length > document.length) return;
    yield { name: document.toString('utf8', at + 1, nameEnd), value: valueOf(document, type, start, length) };
    at = start + length;
  }
}

/** Undefined for types that are not known, and for lengths that are none. */
function valueBytes(document: Buffer, type: number, at: number): number | undefined {
  const fixed = fixedBytes[type];
  if (fixed !== undefined || at + 4 > document.length) return fixed;
  const length = document.readInt32LE(at);
  if (length < 0) return undefined;
  if (type === typeText) return 4 + length;
  if (type === typeDocument || type === typeArray) return Math.max(length, 5);
  return type === typeBinary ? 5 + length : undefined;
}

function valueOf(document: Buffer, type: number, at: number, length: number): string | number | undefined {
  if (type === typeText) return document.toString('utf8', at + 4, at + length - 1);
  if (type === typeDouble) return document.readDoubleLE(at);
  if (type === typeInteger) return document.readInt32LE(at);
  return type === typeBoolean ? document[at] : undefined;
}
