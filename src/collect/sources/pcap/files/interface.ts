/** One interface of a pcapng section, as its Interface Description Block tells. */
export interface CaptureInterface {
  readonly linkType: number;
  readonly snapBytes: number;
  /** µs of one timestamp unit: 1 for the default resolution. */
  readonly unitMicros: number;
  /** Added to every timestamp, µs. */
  readonly offsetMicros: number;
  /** Packets that the capture dropped, from its last statistics block. */
  dropped: number;
}

const optionEnd = 0;
const optionTimeResolution = 9;
const optionTimeOffset = 14;
const optionDropped = 5;
const optionSystemDropped = 7;

/** Reads the body of an Interface Description Block (`at` to `end`); at least 8 bytes. */
export function readInterface(view: DataView, at: number, end: number, isLittleEndian: boolean): CaptureInterface {
  let unitMicros = 1;
  let offsetMicros = 0;
  for (const [code, from, length] of options(view, at + 8, end, isLittleEndian)) {
    if (code === optionTimeResolution && length >= 1) unitMicros = unitOf(view.getUint8(from));
    if (code === optionTimeOffset && length >= 8) {
      offsetMicros = Number(view.getBigInt64(from, isLittleEndian)) * 1e6;
    }
  }
  return {
    linkType: view.getUint16(at, isLittleEndian),
    snapBytes: view.getUint32(at + 4, isLittleEndian),
    unitMicros,
    offsetMicros: Math.abs(offsetMicros) < 1e16 ? offsetMicros : 0,
    dropped: 0,
  };
}

/** Packets dropped, from the options of an Interface Statistics Block; undefined when it does not tell. */
export function readDropped(view: DataView, at: number, end: number, isLittleEndian: boolean): number | undefined {
  let dropped: number | undefined;
  for (const [code, from, length] of options(view, at, end, isLittleEndian)) {
    if ((code !== optionDropped && code !== optionSystemDropped) || length < 8) continue;
    const count = Number(view.getBigUint64(from, isLittleEndian));
    // All ones stand for "not known".
    if (count < Number.MAX_SAFE_INTEGER) dropped = (dropped ?? 0) + count;
  }
  return dropped;
}

/** if_tsresol: a negative power of ten, or of two when the highest bit is set. */
function unitOf(resolution: number): number {
  const exponent = resolution & 0x7f;
  return 1e6 / (resolution & 0x80 ? 2 ** exponent : 10 ** exponent);
}

function* options(
  view: DataView,
  start: number,
  end: number,
  isLittleEndian: boolean,
): Generator<[number, number, number]> {
  for (let at = start; at + 4 <= end;) {
    const code = view.getUint16(at, isLittleEndian);
    const length = view.getUint16(at + 2, isLittleEndian);
    if (code === optionEnd || at + 4 + length > end) return;
    yield [code, at + 4, length];
    at += 4 + length + ((4 - (length & 3)) & 3);
  }
}
