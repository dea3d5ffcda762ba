const maxPairs = 10_000;
/** Alerts about a certificate (RFC 8446, 6.2), as OpenSSL's codes end. */
const certificateAlert = /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE)$/;

/** The client said that it does not take our certificate, rather than just going away. */
export function isCertificateAlert(code: string): boolean {
  return certificateAlert.test(code);
}

/** Remembers who refused our certificate for which name, so that programs that pin their servers keep working where that is wanted. */
export class PinnedClients {
  readonly #keptMs: number;
  readonly #until = new Map<string, number>();

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  add(address: string, name: string, nowMs: number): void {
    if (this.#keptMs === 0) return;
    const key = `${address} ${name}`;
    this.#until.delete(key);
    const [oldest] = this.#until.keys();
    if (this.#until.size >= maxPairs && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(key, nowMs + this.#keptMs);
  }

  has(address: string, name: string, nowMs: number): boolean {
    return nowMs < (this.#until.get(`${address} ${name}`) ?? 0);
  }
}
