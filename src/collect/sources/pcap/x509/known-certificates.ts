import { microsPerDay, type Micros } from '../../../../base/time.ts';

/** Certificates that are remembered so that each is logged once a day, as Zeek does. */
const maxKnown = 100_000;

/** Which certificates were told within the last day, each in its role. */
export class KnownCertificates {
  readonly #known = new Map<string, Micros>();

  /** True for one that is to be told at this time; it is known from then on. */
  isNew(fingerprint: string, isHost: boolean, isClient: boolean, time: Micros): boolean {
    const key = `${fingerprint}${isHost ? 'h' : ''}${isClient ? 'c' : ''}`;
    const last = this.#known.get(key);
    if (last !== undefined && time - last < microsPerDay) return false;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, time);
    return true;
  }
}
