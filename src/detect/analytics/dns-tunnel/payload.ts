/** What the names below one domain could carry. */
export interface Payload {
  readonly names: number;
  /** Characters of labels that change from name to name. */
  readonly carryingCharacters: number;
  readonly meanCharacters: number;
  /** Shannon entropy of those characters, in bits each. */
  readonly bitsPerCharacter: number;
  /** Entropy as a share of what as many different characters could have: near 1 for encoded data, about 0.9 for words. */
  readonly evenness: number;
  /** Changes between digit and letter per character: about 0.47 for hex, 0.3 for base32, near 0 for words. */
  readonly mixing: number;
  /** Bytes that the names can have carried at most, decoded. */
  readonly estimatedBytes: number;
  readonly encoding: 'decimal' | 'hex' | 'base32' | 'base64' | 'other';
  /** Share of names that are reversed addresses: look-ups in block lists. */
  readonly reversedShare: number;
  readonly examples: readonly string[];
}

/** Labels remembered per domain: an attacker chooses how many there are. */
const maxLabels = 500_000;
/** A label that stands in more than this share of the names is structure, not payload. */
const structureShare = 0.05;

const reversedAddress = /^(?:\d{1,3}\.){4}|^(?:[0-9a-f]\.){16,32}/;

/** Looks at distinct names below a registered domain as one body of text. */
export function analysePayload(names: readonly string[], domain: string): Payload {
  const subs = names.map((name) => (name === domain ? '' : name.slice(0, -domain.length - 1)));
  const frequency = new Map<string, number>();
  for (const sub of subs) {
    for (const label of sub.split('.')) {
      if (frequency.size < maxLabels || frequency.has(label)) frequency.set(label, (frequency.get(label) ?? 0) + 1);
    }
  }
  const limit = Math.max(2, names.length * structureShare);
  const counter = new CharacterCounter();
  let reversed = 0;
  for (const sub of subs) {
    if (reversedAddress.test(`${sub}.`)) reversed++;
    for (const label of sub.split('.')) {
      if (label !== '' && (frequency.get(label) ?? 0) <= limit) counter.add(label);
    }
    counter.endOfName();
  }
  const { total } = counter;
  const bits = counter.entropy();
  const distinct = counter.distinct();
  const encoding = counter.encoding();
  return {
    names: names.length,
    carryingCharacters: total,
    meanCharacters: names.length === 0 ? 0 : total / names.length,
    bitsPerCharacter: bits,
    evenness: distinct < 2 ? 0 : bits / Math.log2(distinct),
    mixing: total === 0 ? 0 : counter.changes / total,
    estimatedBytes: Math.floor((total * Math.min(bits, bitsOf[encoding])) / 8),
    encoding,
    reversedShare: names.length === 0 ? 0 : reversed / names.length,
    examples: names.slice(0, 3),
  };
}

const bitsOf: Readonly<Record<Payload['encoding'], number>> = { decimal: 3.33, hex: 4, base32: 5, base64: 6, other: 7 };

/** Counts characters and changes between digit and letter over many labels. */
class CharacterCounter {
  total = 0;
  changes = 0;
  readonly #counts = new Map<number, number>();
  #last: 'digit' | 'letter' | undefined;

  add(label: string): void {
    for (let index = 0; index < label.length; index++) {
      const code = label.charCodeAt(index);
      this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
      this.total++;
      const type = typeOf(code);
      if (type !== undefined && this.#last !== undefined && type !== this.#last) this.changes++;
      if (type !== undefined) this.#last = type;
    }
  }

  endOfName(): void {
    this.#last = undefined;
  }

  distinct(): number {
    return this.#counts.size;
  }

  entropy(): number {
    let bits = 0;
    for (const count of this.#counts.values()) bits -= (count / this.total) * Math.log2(count / this.total);
    return bits;
  }

  /** The narrowest alphabet that holds nearly all characters. Names are in lower case, so base64 shows as letters and digits. */
  encoding(): Payload['encoding'] {
    const share = (test: (character: string) => boolean): number => {
      let inside = 0;
      for (const [code, count] of this.#counts) if (test(String.fromCharCode(code))) inside += count;
      return this.total === 0 ? 0 : inside / this.total;
    };
    if (share((character) => /[0-9]/.test(character)) > 0.99) return 'decimal';
    if (share((character) => /[0-9a-f]/.test(character)) > 0.99) return 'hex';
    if (share((character) => /[a-z2-7]/.test(character)) > 0.99) return 'base32';
    return share((character) => /[a-z0-9+/=_-]/.test(character)) > 0.97 ? 'base64' : 'other';
  }
}

function typeOf(code: number): 'digit' | 'letter' | undefined {
  if (code >= 48 && code <= 57) return 'digit';
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127 ? 'letter' : undefined;
}
