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

  /** Takes the address for ours that the last look found. */
  async useKnown(): Promise<void> {
    const ip = this.#isUnsaid ? await this.#store.setting(setting) : undefined;
    if (ip !== undefined && ip !== '') this.#use([ip]);
  }

  /**
   * Looks what of the case is between addresses that are none of ours, takes the one for ours that it was recorded at, and says so. Anew each
   * time: the same evidence gives the same address, in whatever portions it came.
   */
  async look(): Promise<NotChecked[]> {
    this.#use([]);
    const foreign = await readForeignConnections(this.#store, this.#networks);
    const ip = this.#isUnsaid ? ownAddressOf(foreign) : undefined;
    await this.#store.setSetting(setting, ip ?? '');
    if (ip === undefined) return [passedByNote(foreign)].filter((note) => note !== undefined);
    this.#use([ip]);
    return [adoptedNote(ip)];
  }

  get #isUnsaid(): boolean {
    return JSON.stringify(this.#said) === JSON.stringify(defaultLocalNetworks);
  }

  #use(addresses: readonly string[]): void {
    const own = addresses.map((ip) => `${ip}/${ip.includes(':') ? 128 : 32}`);
    this.#networks = createLocalNetworks([...this.#said, ...own]);
    this.#store.useNetworks(this.#networks);
  }
}
