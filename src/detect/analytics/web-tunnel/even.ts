import { formatBytes } from '../../../base/bytes.ts';
import { canonicalIp } from '../../../base/ip.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { crossing, fewPaths, manyClients, part } from './parts.ts';
import { sideOf } from './side.ts';

/** What a pair that `evenWebsockets` tells is worth. Messengers encrypt so too: in a browser, for a name, among other requests of its page. */
export function judgeEven(row: SqlRow, networks: LocalNetworks): Finding {
  const number = (column: string): number => Number(row[column]);
  const [source, destination] = [String(row['source_ip']), String(row['destination_ip'])];
  const port = String(row['destination_port']);
  const host = withoutPort(String(row['host'] ?? destination));
  const agent = String(row['agent'] ?? '');
  const isOurs = networks.isLocal(source);
  const reasons: Reason[] = roundedReasons([
    {
      what: 'all that goes both ways is as even as encryption',
      value: `${number('messages_out')} binary messages out (${formatBytes(number('bytes_out'))}), ${number('messages_in')} in (${formatBytes(number('bytes_in'))})`,
      weight: 0.25,
    },
    ...part(!agent.startsWith('Mozilla/'), {
      what: 'no browser asked for it',
      value: agent === '' ? 'it names no program' : agent.slice(0, 100),
      weight: 0.1,
    }),
    ...part(canonicalIp(host) !== undefined, { what: 'host has no name', value: host, weight: 0.1 }),
    ...part(number('paths') <= fewPaths, {
      what: 'nothing else is asked of that server',
      value: `paths: ${number('paths')}`,
      weight: 0.1,
    }),
    ...crossing(source, destination, networks),
    ...part(number('clients') >= manyClients, {
      what: 'many clients do so with that server',
      value: `${number('clients')}`,
      weight: -0.3,
    }),
    { what: 'connections', value: `${number('n')} to port ${port}, ${String(row['uri'] ?? 'no address was seen')}` },
    { what: 'subprotocol', value: String(row['subprotocol'] ?? 'none') },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination, port, host, 'even'],
    detector: 'analytics/web-tunnel',
    title: `Encryption inside a WebSocket from ${source} to ${host}`,
    sentence: `${source} and ${host} port ${port} exchanged nothing but encrypted bytes inside a WebSocket that could be read`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: ['T1572', 'T1573'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: 'the messages are text, compressed or have any structure',
    next: `find the process on ${isOurs ? source : destination} that holds the WebSocket, and ask what it is for`,
  });
}

/** Of `name:port`, `address:port` and `[address]:port`. */
function withoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  return host.replace(/^([^:]+):\d{1,5}$/, '$1');
}
