const headerBytes = 12;
const isAnswer = 0x80;
const recordType = { a: 1, aaaa: 28 } as const;
const internet = 1;
/** A name has at most 255 bytes, so no more labels and pointers than half of that. */
const maxLabels = 127;
const maxAddresses = 65_536;

/**
 * Names that addresses were asked for by, as the answers of name servers tell which programs received. Nothing is
 * looked up: an address that no answer gave has no name.
 */
export class AddressNames {
  readonly #names = new Map<string, string>();

  /** Name by raw bytes of an address in Latin-1 text. */
  get(address: string): string | undefined {
    return this.#names.get(address);
  }

  /** Takes a DNS message (RFC 1035). Captures keep the first bytes of what was read, so it may end anywhere. */
  read(message: Buffer): void {
    if (message.length < headerBytes || ((message[2] ?? 0) & isAnswer) === 0 || message.readUInt16BE(4) !== 1) return;
    const name = readName(message, headerBytes);
    let at = endOfName(message, headerBytes) + 4;
    for (let left = message.readUInt16BE(6); name !== undefined && left > 0; left--) {
      const start = endOfName(message, at);
      if (start + 10 > message.length) return;
      const [type, family, length] = [0, 2, 8].map((offset) => message.readUInt16BE(start + offset));
      at = start + 10 + (length ?? 0);
      if (at > message.length) return;
      const isAddress = (type === recordType.a && length === 4) || (type === recordType.aaaa && length === 16);
      if (isAddress && family === internet) this.#add(message.toString('latin1', start + 10, at), name);
    }
  }

  #add(address: string, name: string): void {
    if (this.#names.size < maxAddresses || this.#names.has(address)) this.#names.set(address, name);
  }
}

/** The name in lower case, without the last dot; undefined when it is cut, empty or goes round. */
function readName(message: Buffer, start: number): string | undefined {
  const labels: string[] = [];
  let at = start;
  for (let step = 0; step < maxLabels; step++) {
    const length = message[at];
    if (length === undefined) return undefined;
    if (length === 0) return labels.length === 0 ? undefined : labels.join('.').toLowerCase();
    if (length >= 0xc0) {
      at = ((length & 0x3f) << 8) | (message[at + 1] ?? 0);
      continue;
    }
    if (at + 1 + length > message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return undefined;
}

/** Where what follows a name begins; past the end when the name is cut. */
function endOfName(message: Buffer, start: number): number {
  let at = start;
  for (let step = 0; step < maxLabels; step++) {
    const length = message[at];
    if (length === undefined) break;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
  return message.length;
}
