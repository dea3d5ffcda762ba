import { defineCheck } from '../../check.ts';
import { isPublishedOutside, type PublishedPort } from '../../inputs/workload.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'published-port',
  title: 'port that is published on every interface',
  severity: 'low',
  why: 'Without an address the port is open on all networks of the host, and the engine opens the firewall for it by itself.',
  fix: 'publish it with an address: `-p 127.0.0.1:8080:80`',
  vanishes: 'the port were published on one address',
  references: cis('5.14'),
  guide: ['C04', 'C24'],
  attack: ['T1190'],
  *workload({ ports }) {
    const seen = new Set<string>();
    for (const port of ports) {
      const name = nameOf(port);
      if (port.hostAddress !== '' || !isPublishedOutside(port) || seen.has(name)) continue;
      seen.add(name);
      yield { at: port.at, what: `publishes ${name} on every interface` };
    }
  },
});

function nameOf({ hostPort, port, protocol }: PublishedPort): string {
  return `port ${port}/${protocol}${hostPort === 0 ? '' : ` as ${hostPort}`}`;
}
