import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration, formatIso, microsPerDay } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import { maxBins, type Finding, type Reason, type Series } from '../../../events/finding.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import type { DayVolume, Transfer } from './transfer.ts';

/** Addresses that become entities: a service has many. */
const maxAddresses = 5;

export function toFinding(
  transfer: Transfer,
  judged: { readonly score: number; readonly reasons: readonly Reason[] },
): Finding {
  const { source, place, spreadOver, isNamed, addresses, sent, received, connections, first, last, pieces } = transfer;
  const where = !isNamed && addresses.length === 1 ? (addresses[0] ?? place) : place;
  const parts =
    pieces === undefined || pieces.runs === 1 ? '' : ` in ${pieces.count} pieces of ${formatBytes(pieces.size)}`;
  return makeFinding({
    about: spreadOver === undefined ? [source, place] : [source, 'several places', spreadOver[0]?.place ?? ''],
    detector: 'analytics/exfiltration',
    title: `${source} sent ${formatBytes(sent)} to ${where}${parts}`,
    sentence: `${source} sent ${formatBytes(sent)} to ${where} over ${formatDuration(last - first)}`,
    severity: severityOf(judged.score),
    score: judged.score,
    first_seen: first,
    last_seen: last,
    entities: entitiesOf(transfer),
    attack: techniques(transfer),
    reasons: [
      ...judged.reasons,
      ...rateOf(transfer),
      ...(spreadOver === undefined ? [] : [{ what: 'places', value: placesText(spreadOver) }]),
      { what: 'received', value: formatBytes(received) },
      { what: 'connections', value: String(connections) },
      { what: 'addresses', value: addresses.slice(0, maxAddresses).join(', ') },
    ],
    evidence: transfer.evidence,
    series: [daySeries(transfer.days)],
    count: connections,
    vanishes: `${source} sends to ${where} regularly from the beginning on, other machines send there as well, or about as much comes back`,
    next: `find the process and the person on ${source} that sent it, and ask who owns ${where}`,
  });
}

function rateOf({ sent, first, last }: Transfer): Reason[] {
  const days = (last - first) / microsPerDay;
  return days < 1 ? [] : [{ what: 'on average', value: `${formatBytes(Math.round(sent / days))} a day` }];
}

type Places = NonNullable<Transfer['spreadOver']>;

/** Places that a reason names. */
const maxPlaces = 20;

function placesText(places: Places): string {
  const names = places
    .slice(0, maxPlaces)
    .map(({ place, addresses }) => (addresses.length === 1 ? addresses[0] : place));
  return `${names.join(', ')}${places.length > maxPlaces ? ` and ${places.length - maxPlaces} more` : ''}`;
}

/** Bytes sent on each day, the days without any between them too; the last ones when there are more than a chart holds. */
function daySeries(days: readonly DayVolume[]): Series {
  const sent = new Map(days.map((day) => [day.day, day.sent]));
  const last = Math.max(...days.slice(-maxBins).map(({ day }) => day));
  const first = Math.max(last - (maxBins - 1) * microsPerDay, Math.min(...days.slice(-maxBins).map(({ day }) => day)));
  const count = Math.round((last - first) / microsPerDay) + 1;
  return {
    title: 'Bytes sent by day, UTC',
    unit: 'bytes',
    bins: Array.from({ length: count }, (_none, index) => {
      const day = first + index * microsPerDay;
      return { label: formatIso(day).slice(0, 10), value: sent.get(day) ?? 0 };
    }),
  };
}

function entitiesOf(transfer: Transfer): Entity[] {
  const { source, addresses, spreadOver = [transfer] } = transfer;
  const entities: Entity[] = [{ kind: 'host', value: source }];
  const named = spreadOver.filter(({ isNamed }) => isNamed).slice(0, maxAddresses);
  entities.push(...named.map(({ place }): Entity => ({ kind: 'domain', value: place })));
  return [...entities, ...addresses.slice(0, maxAddresses).map((value): Entity => ({ kind: 'address', value }))];
}

function techniques({ isNamed, pieces }: Transfer): string[] {
  return [isNamed ? 'T1567' : 'T1048', ...(pieces === undefined || pieces.runs === 1 ? [] : ['T1030'])];
}
