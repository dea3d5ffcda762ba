import { formatBytes } from '../../../base/bytes.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { crossing, part, standing } from './parts.ts';
import { sideOf } from './side.ts';

/** What an address that `streamRequests` tells is worth: a stream cut into requests, as reGeorg and its like make it. */
export function judgePolled(row: SqlRow, networks: LocalNetworks): Finding {
  const number = (column: string): number => Number(row[column]);
  const [source, destination] = [String(row['source_ip']), String(row['destination_ip'])];
  const [port, path] = [String(row['destination_port']), String(row['path'])];
  const host = String(row['domain'] ?? destination);
  const requests = number('n');
  const [isOurs, isTheirs] = [networks.isLocal(source), networks.isLocal(destination)];
  const reasons: Reason[] = roundedReasons([
    {
      what: 'bodies of no known type both ways through one address',
      value: `${requests} requests, ${formatBytes(number('bytes_out'))} out, ${formatBytes(number('bytes_in'))} in`,
      weight: 0.2,
    },
    ...part(number('sizes_out') + number('sizes_in') >= 0.4 * requests, {
      what: 'sizes change as those of a stream do',
      value: `${number('sizes_out')} out, ${number('sizes_in')} in`,
      weight: 0.1,
    }),
    ...part(number('close_together') >= 0.8 * requests, {
      what: 'requests follow each other without rest',
      value: `${number('close_together')} of ${requests} within two seconds`,
      weight: 0.05,
    }),
    ...standing(row, path),
    ...crossing(source, destination, networks),
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination, port, path],
    detector: 'analytics/web-tunnel',
    title: `A stream cut into web requests from ${source} to ${host}`,
    sentence: `${source} sent and got what looks like one stream in ${requests} requests for ${path} at ${host} port ${port}`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: isTheirs && !isOurs ? ['T1572', 'T1505.003'] : ['T1572', 'T1071.001'],
    reasons,
    evidence: pointersOf(row),
    count: requests,
    vanishes:
      'the bodies have a type that is known, or come in a few sizes, seldom, or among requests for other parts of the same site',
    next: isTheirs
      ? `look at the file behind ${path} on ${destination}, and at what that machine connected to meanwhile`
      : `find the process on ${source} that made these requests`,
  });
}
