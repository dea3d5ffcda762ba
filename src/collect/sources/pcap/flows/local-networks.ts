import { createLocalNetworks } from '../../../../base/networks.ts';

/** What Zeek takes for local when nothing is set: addresses that are not routed on the Internet (IANA special-purpose registries). */
const networks = createLocalNetworks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  // The same IPv4 networks as 6to4 addresses.
  '2002::/24',
  '2002:a00::/24',
  '2002:6440::/26',
  '2002:7f00::/24',
  '2002:a9fe::/32',
  '2002:ac10::/28',
  '2002:c000::/40',
  '2002:c000:200::/40',
  '2002:c0a8::/32',
  '2002:c612::/31',
  '2002:c633:6400::/40',
  '2002:cb00:7100::/40',
  '2002:f000::/20',
]);

const maxRemembered = 10_000;
const remembered = new Map<string, boolean>();

export function isLocalAddress(address: string): boolean {
  const known = remembered.get(address);
  if (known !== undefined) return known;
  if (remembered.size >= maxRemembered) remembered.clear();
  const local = networks.isLocal(address);
  remembered.set(address, local);
  return local;
}
