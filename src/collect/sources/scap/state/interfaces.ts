interface Interface {
  readonly address: string;
  readonly mask: string;
}

const maxAddresses = 4096;
const loopbacks: ReadonlySet<string> = new Set(['\x7f\0\0\x01', `${'\0'.repeat(15)}\x01`]);

/** Addresses of the machine's own interfaces, as raw bytes in Latin-1 text. */
export class Interfaces {
  readonly #keys = new Set<string>();
  readonly #list: Interface[] = [];

  add(address: string, mask: string): void {
    if (this.#list.length >= maxAddresses) return;
    this.#keys.add(keyOf(address));
    this.#list.push({ address, mask });
  }

  /** The address is one of the machine's, or for IPv6 in the network of one. */
  has(address: string): boolean {
    return this.#keys.has(keyOf(address));
  }

  /**
   * The own address that packets to `other` leave from: itself, that of its network, or the first one that goes
   * outside. Undefined when no interface of that family is known.
   */
  towards(other: string): string | undefined {
    const family = this.#list.filter(({ address }) => address.length === other.length);
    const found =
      family.find(({ address }) => address === other) ??
      family.find((one) => isSameNetwork(one, other)) ??
      family.find(({ address }) => !loopbacks.has(address));
    return found?.address;
  }
}

function isSameNetwork({ address, mask }: Interface, other: string): boolean {
  for (let at = 0; at < address.length; at++) {
    if (((address.charCodeAt(at) ^ other.charCodeAt(at)) & mask.charCodeAt(at)) !== 0) return false;
  }
  return true;
}

/** Hosts change their IPv6 addresses all the time, but not the upper half, which is their network. */
function keyOf(address: string): string {
  return address.length === 16 ? address.slice(0, 8) : address;
}
