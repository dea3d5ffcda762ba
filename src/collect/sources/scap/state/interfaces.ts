/** Addresses of the machine's own interfaces, as raw bytes in Latin-1 text. */
export class Interfaces {
  readonly #addresses = new Set<string>();

  add(address: string): void {
    if (this.#addresses.size < maxAddresses) this.#addresses.add(keyOf(address));
  }

  /** The address is one of the machine's, or for IPv6 in the network of one. */
  has(address: string): boolean {
    return this.#addresses.has(keyOf(address));
  }
}

const maxAddresses = 65_536;

/** Hosts change their IPv6 addresses all the time, but not the upper half, which is their network. */
function keyOf(address: string): string {
  return address.length === 16 ? address.slice(0, 8) : address;
}
