/** Lines of a key log that are of use for reading along; what exporters take is not. */
const labels = [
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;
export type SecretLabel = (typeof labels)[number];

/** Secrets of one session. `CLIENT_RANDOM` is the master secret of TLS 1.2 and before. */
export type SessionSecrets = Readonly<Partial<Record<SecretLabel, Buffer>>>;

/** What captures ask for secrets. */
export interface TlsSecrets {
  /** 0 when there is nothing to ask for. */
  readonly size: number;
  /** Secrets of the session that began with this random of a client hello, in lower-case hexadecimal. */
  find(clientRandom: string): SessionSecrets | undefined;
}

/** Sessions that are remembered; beyond, the oldest is forgotten. A few hundred bytes each. */
const maxSessions = 500_000;
const labelSet: ReadonlySet<string> = new Set(labels);
const entry = /^(?<label>[A-Z0-9_]{3,40}) (?<random>[0-9a-f]{64}) (?<secret>(?:[0-9a-f]{2}){16,64})\s*$/i;

/** Secrets of TLS sessions as programs log them (draft-ietf-tls-keylogfile; NSS `SSLKEYLOGFILE`). */
export class KeyLog implements TlsSecrets {
  readonly #sessions = new Map<string, Partial<Record<SecretLabel, Buffer>>>();

  get size(): number {
    return this.#sessions.size;
  }

  find(clientRandom: string): SessionSecrets | undefined {
    return this.#sessions.get(clientRandom);
  }

  /** Takes one line; false when it is neither an entry, nor empty, nor a comment. Entries for other uses are passed over. */
  add(line: string): boolean {
    const groups = entry.exec(line)?.groups;
    if (groups === undefined) return /^\s*(?:#|$)/.test(line);
    const { label = '', random = '', secret = '' } = groups;
    if (labelSet.has(label)) this.#put(label as SecretLabel, random.toLowerCase(), Buffer.from(secret, 'hex'));
    return true;
  }

  #put(label: SecretLabel, random: string, secret: Buffer): void {
    const known = this.#sessions.get(random);
    if (known !== undefined) {
      known[label] = secret;
      return;
    }
    if (this.#sessions.size >= maxSessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    this.#sessions.set(random, { [label]: secret });
  }
}

/** Sessions that were asked for in vain and are remembered: some 10 MB of text. */
const maxAsked = 100_000;

/** Secrets that a capture carries among its packets. Those that stand behind the session which they are of come too late to read along. */
export class CarriedKeyLog extends KeyLog {
  readonly #asked = new Set<string>();

  override find(clientRandom: string): SessionSecrets | undefined {
    const found = super.find(clientRandom);
    if (found === undefined && this.#asked.size < maxAsked) this.#asked.add(clientRandom);
    return found;
  }

  /** Sessions among the asked ones that have secrets now; each is told once. */
  takeLate(): number {
    let late = 0;
    for (const random of this.#asked) {
      if (super.find(random) === undefined) continue;
      this.#asked.delete(random);
      late++;
    }
    return late;
  }
}

export const noSecrets: TlsSecrets = { size: 0, find: () => undefined };

/** Secrets of two places; the first that knows a session answers. */
export class JoinedSecrets implements TlsSecrets {
  readonly #first: TlsSecrets;
  readonly #second: TlsSecrets;

  constructor(first: TlsSecrets, second: TlsSecrets) {
    this.#first = first;
    this.#second = second;
  }

  get size(): number {
    return this.#first.size + this.#second.size;
  }

  find(clientRandom: string): SessionSecrets | undefined {
    return this.#first.find(clientRandom) ?? this.#second.find(clientRandom);
  }
}

/** Lines that are looked at to tell a key log. */
const maxHeadLines = 50;

/** True when a content begins, behind comments and empty lines, with an entry of a key log. */
export function looksLikeKeyLog(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 8192)).toString('latin1');
  const first = text.split('\n', maxHeadLines).find((line) => !/^\s*(?:#|$)/.test(line));
  return first !== undefined && entry.test(first);
}
