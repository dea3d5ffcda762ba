import type { Cursor } from '../cursor.ts';
import type { OuterNetwork } from '../host.ts';

/** `docker network inspect`, `podman network inspect`. */
export function isNetwork(cursor: Cursor): boolean {
  const isDocker = cursor.get('IPAM').isThere && cursor.get('Driver').isThere;
  return isDocker || (cursor.get('ipam_options').isThere && cursor.get('driver').isThere);
}

/** A network whose containers have addresses of the network outside; undefined for bridges, and where the host itself routes (`l3s`). */
export function outerNetworkOf(cursor: Cursor): readonly [name: string, network: OuterNetwork] | undefined {
  const name = (cursor.get('Name').text() ?? cursor.get('name').text() ?? '').trim();
  const driver = cursor.get('Driver').text() ?? cursor.get('driver').text();
  if (name === '' || (driver !== 'macvlan' && driver !== 'ipvlan')) return undefined;
  const options = [cursor.get('Options'), cursor.get('options')];
  const option = (key: string): string => options.map((map) => map.get(key).text() ?? '').join('');
  // Only this mode of ipvlan leads packets through the rules of the host.
  if (`${option('ipvlan_mode')}${option('mode')}` === 'l3s') return undefined;
  const isInternal = (cursor.get('Internal').flag() ?? cursor.get('internal').flag()) === true;
  if (isInternal) return undefined;
  const parent = option('parent') || (cursor.get('network_interface').text() ?? '');
  return [name, { driver, parent, at: cursor.place }];
}
