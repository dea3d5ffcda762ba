import { formatBytes } from '../../../base/bytes.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { crossing, part, standing } from './parts.ts';
import { sideOf } from './side.ts';

/** What a pair that `lastingRequests` tells is worth: one stream in few requests that last, as httptunnel makes it. */
export function judgeLasting(row: SqlRow, networks: LocalNetworks): Finding {
  const number = (column: string): number => Number(row[column]);
  const [source, destination] = [String(row['source_ip']), String(row['destination_ip'])];
  const [port, path] = [String(row['destination_port']), String(row['path'])];
  const host = String(row['domain'] ?? destination);
  const isOurs = networks.isLocal(source);
  const reasons: Reason[] = roundedReasons([
    {
      what: 'bodies sent and got bit by bit at the same time',
      value: `${formatBytes(number('bytes_out'))} out in ${formatDuration(number('up_micros'))}, ${formatBytes(number('bytes_in'))} in`,
      weight: 0.4,
    },
    ...standing(row, path),
    ...crossing(source, destination, networks),
    ...part(row['is_rtsp'] === true, {
      what: 'begins as picture and sound do (RTSP over HTTP)',
      value: path,
      weight: -0.45,
    }),
    { what: 'requests', value: requestsOf(number('ups'), number('downs'), number('boths')) },
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination, port, path, 'lasting'],
    detector: 'analytics/web-tunnel',
    title: `A stream in lasting web requests from ${source} to ${host}`,
    sentence: `${source} kept requests for ${path} at ${host} port ${port} open both ways, and sent and got bit by bit through them`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: ['T1572', 'T1071.001'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: 'the bodies come at once, in full packets, or not at the same time',
    next: `find the process on ${isOurs ? source : destination} that keeps these requests open`,
  });
}

/** One that is open both ways is among those out and those in. */
function requestsOf(ups: number, downs: number, boths: number): string {
  const each = `${ups - boths} out, ${downs - boths} in`;
  if (boths === 0) return each;
  const both = `${boths} answered before ${boths === 1 ? 'it was' : 'they were'} over`;
  return ups + downs === 2 * boths ? both : `${both}, ${each}`;
}
