import { defineCheck } from '../../check.ts';
import { formatPlace } from '../../inputs/place.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'outer-network',
  title: 'container with an address of its own outside',
  severity: 'medium',
  why: "On a network of macvlan or ipvlan every port that the container listens on can be reached from there, published or not, and the rules of the host's firewall are not asked.",
  fix: 'use a bridge and publish the ports that are meant, or filter inside of the container or in front of the host',
  vanishes: 'it were on a bridge of its host only',
  references: docs('https://docs.docker.com/engine/network/drivers/macvlan/'),
  guide: ['C24'],
  attack: ['T1190', 'T1133'],
  *workload({ at, state, addresses }, { host: { outerNetworks } }) {
    if (state !== undefined && state !== 'running') return;
    for (const { network, address } of addresses) {
      const outer = outerNetworks.get(network);
      if (outer === undefined) continue;
      yield {
        at,
        what: `is ${address} on ${outer.parent === '' ? 'an outer network' : `the network of ${outer.parent}`}, by ${outer.driver}: all its ports stand open there`,
        reasons: [{ what: 'network', value: `${network}, ${formatPlace(outer.at)}` }],
        entities: [{ kind: 'address', value: address }],
      };
    }
  },
});
