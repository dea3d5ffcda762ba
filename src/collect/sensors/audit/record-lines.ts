import recordTypes from '../../linux/data/audit-record-types.json' with { type: 'json' };

const typeNames: Readonly<Record<string, string>> = recordTypes;
const lineEnd = 10;
const space = 32;
const colon = 58;
const zero = 48;
/** `audit(1364481363.243:24287): ` begins each record; more digits than that are none of the kernel's. */
const maxPrefixBytes = 48;

/** Records as auditd writes its log, put together as bytes: at a flood a text for each record would cost more than the rest. */
export class RecordLines {
  readonly #bytes: Buffer;
  readonly #prefixes = new Map<number, Buffer>();
  #length = 0;

  /** Holds `bytes` and one record more. */
  constructor(bytes: number, maxRecordBytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes + maxRecordBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** The kernel ends a record with a zero byte, and user space sends line ends along: those at the end go, others become spaces. */
  add(type: number, payload: Buffer): void {
    const prefix = this.#prefixOf(type);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < prefix.length; index++) bytes[at++] = prefix[index] ?? 0;
    let end = payload.length;
    while (end > 0 && isBlank(payload[end - 1] ?? 0)) end--;
    for (let index = 0; index < end; index++) {
      const byte = payload[index] ?? 0;
      bytes[at++] = byte === 0 || byte === lineEnd ? space : byte;
    }
    bytes[at++] = lineEnd;
    this.#length = at;
  }

  /** What was added since the last call; valid until the next `add`. */
  take(): Buffer {
    const lines = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return lines;
  }

  #prefixOf(type: number): Buffer {
    let prefix = this.#prefixes.get(type);
    if (prefix === undefined) {
      prefix = Buffer.from(`type=${typeNames[type] ?? `UNKNOWN[${type}]`} msg=`, 'latin1');
      this.#prefixes.set(type, prefix);
    }
    return prefix;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0 || byte === lineEnd || byte === space;
}

/** The serial number of a record; -1 for what is no record. */
export function serialOf(payload: Buffer): number {
  const end = Math.min(payload.length, maxPrefixBytes);
  let at = 0;
  while (at < end && payload[at] !== colon) at++;
  const serial = numberAt(payload, at + 1);
  return at < end ? serial : -1;
}

/** The decimal number that begins there; -1 where none does. */
export function numberAt(bytes: Buffer, at: number): number {
  let value = 0;
  let index = at;
  for (; index < bytes.length && index < at + 10; index++) {
    const digit = (bytes[index] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return index === at ? -1 : value;
}
