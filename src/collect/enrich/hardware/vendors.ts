import { readPackedLines } from '../../packed/read-packed.ts';

let loaded: ReadonlyMap<string, string> | undefined;

/**
 * Maker of a device by the first half of its hardware address (`b8:27:eb:01:02:03`); undefined when the IEEE gave it to none that is known, and
 * for addresses that software made up.
 */
export function vendorOf(mac: string): string | undefined {
  const prefix = mac.slice(0, 8).replaceAll(/[:-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{6}$/.test(prefix) || isMadeUp(prefix)) return undefined;
  loaded ??= load();
  return loaded.get(prefix);
}

/** The bit that says an address is managed by whoever uses it (IEEE 802-2014, 8.4). */
function isMadeUp(prefix: string): boolean {
  return (Number.parseInt(prefix.slice(0, 2), 16) & 0x02) !== 0;
}

function load(): ReadonlyMap<string, string> {
  return new Map(
    readPackedLines('hardware/vendors.br').flatMap((line) => {
      const [maker = '', prefixes = ''] = line.split('\t');
      return prefixes.split(' ').map((prefix) => [prefix, maker] as const);
    }),
  );
}
