/** Longer names of makers are cut. */
const maxName = 40;
/** Who gave a prefix to several makers, in parts too small for this table: says nothing of a device. */
const registries = /^IEEE Registration Authority|^Private$/;

/**
 * `maker<tab>prefix prefix …`, one line a maker, prefixes as six hexadecimal digits in order. Input is the IEEE's list by prefix, the maker's
 * address below the name.
 */
export function packVendors(list: Readonly<Record<string, string>>): string {
  const byMaker = new Map<string, string[]>();
  for (const [prefix, text] of Object.entries(list)) {
    const maker = (text.split('\n')[0] ?? '').trim().slice(0, maxName).trim();
    if (maker === '' || registries.test(maker)) continue;
    byMaker.set(maker, [...(byMaker.get(maker) ?? []), prefix.toLowerCase()]);
  }
  return [...byMaker]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([maker, prefixes]) => `${maker}\t${prefixes.sort().join(' ')}`)
    .join('\n');
}
