import { createLocalNetworks, defaultLocalNetworks, type LocalNetworks } from '../base/networks.ts';
import type { Store } from '../store/store.ts';
import type { NotChecked } from './detect.ts';
import { adoptedNote, ownAddressOf, passedByNote, readForeignConnections } from './own-address.ts';

/** Name under which the case keeps the address that was taken for ours. */
const setting = 'own_address';

/** The networks that are ours: those of the settings, and where these name none the public address that a case was recorded at. */
export class OwnNetworks {
  readonly #store: Store;
  readonly #said: readonly string[];
  #networks: LocalNetworks;

  constructor(store: Store, localNetworks: readonly string[]) {
    this.#store = store;
    this.#said = localNetworks;
    this.#networks = createLocalNetworks(localNetworks);
  }

  get networks(): LocalNetworks {
    return this.#networks;
  }

  /** Takes the address for ours that the case has known since an earlier look. */
  async useKnown(): Promise<void> {
    const ip = await this.#known();
    if (ip !== undefined) this.#use(ip);
  }

  /** Looks what of the case is between addresses that are none of ours, takes the one for ours that it was recorded at, and says so. */
  async look(): Promise<NotChecked[]> {
    const known = await this.#known();
    if (known !== undefined) return [adoptedNote(known)];
    const foreign = await readForeignConnections(this.#store, this.#networks);
    const ip = this.#isUnsaid ? ownAddressOf(foreign) : undefined;
    if (ip === undefined) return [passedByNote(foreign)].filter((note) => note !== undefined);
    await this.#store.setSetting(setting, ip);
    this.#use(ip);
    return [adoptedNote(ip)];
  }

  async #known(): Promise<string | undefined> {
    return this.#isUnsaid ? this.#store.setting(setting) : undefined;
  }

  get #isUnsaid(): boolean {
    return JSON.stringify(this.#said) === JSON.stringify(defaultLocalNetworks);
  }

  #use(ip: string): void {
    this.#networks = createLocalNetworks([...this.#said, `${ip}/${ip.includes(':') ? 128 : 32}`]);
    this.#store.useNetworks(this.#networks);
  }
}
