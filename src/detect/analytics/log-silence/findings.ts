import { formatDuration, formatIso, microsPerHour } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import type { Company, Silence } from './silence.ts';

const detector = 'analytics/log-silence';
/** Logs that are named. */
const named = 8;

const companies: Readonly<Record<Company, readonly [what: string, weight: number]>> = {
  machine: ['other logs of the same machine went on', 0.2],
  folder: ['other logs of the same folder went on', 0.1],
  neighbours: ['logs of neighbouring folders went on', 0],
};

/** Silences of one machine or folder that began together, as one. */
export function silenceFinding(owner: string, silences: readonly [Silence, ...Silence[]]): Finding {
  const [first] = silences;
  const isNamed = first.stream.machine !== '';
  const logs = silences.map(({ stream }) => stream.dataset).sort();
  const [from, to] = [Math.min(...silences.map((one) => one.from)), Math.max(...silences.map((one) => one.to))];
  const isOver = silences.every((one) => one.isOver);
  const reasons = silenceReasons(silences, logs, to - from);
  const score = sumOfReasons(reasons);
  const what = logs.length === 1 ? String(logs[0]) : `${logs.length} logs`;
  return makeFinding({
    about: ['silence', owner, logs.join(','), String(from)],
    detector,
    title: `${what} of ${owner} fell silent${isOver ? ` for ${formatDuration(to - from)}` : ''} while others went on`,
    sentence: `${what} of ${owner} fell silent`,
    severity: severityOf(score),
    score,
    first_seen: from,
    last_seen: to,
    entities: [ownerEntity(owner, isNamed)],
    attack: ['T1562'],
    reasons,
    evidence: silences.map(({ before }) => ({ evidence_id: before.evidenceId, at: before.lastAt })),
    count: silences.length,
    vanishes: `records of ${formatIso(from).slice(0, 16)} to ${formatIso(to).slice(0, 16)} UTC are added, or the others had stopped as well`,
    next: `find out whether the writer of ${String(logs[0])} was stopped, lost its disk or its network, or whether the evidence is not complete`,
  });
}

function silenceReasons(silences: readonly [Silence, ...Silence[]], logs: readonly string[], length: number): Reason[] {
  const [first] = silences;
  const closest = (['machine', 'folder', 'neighbours'] as const).find((company) =>
    silences.some((one) => one.company === company),
  );
  const [text, weight] = companies[closest ?? 'neighbours'];
  const others = new Set(silences.flatMap((one) => one.others.map(({ dataset }) => dataset)));
  const expected = silences.reduce((sum, one) => sum + one.usualCount, 0) * (length / microsPerHour);
  const shown = logs.slice(0, named).join(', ');
  return roundedReasons([
    {
      what: 'silent',
      value: `${shown}, for ${formatDuration(length)}`,
      weight: 0.15 + 0.1 * ramp(length / microsPerHour, 2, 12),
    },
    {
      what: 'wrote steadily before',
      value: `for ${formatDuration(first.historyHours * microsPerHour)}, without a pause over ${formatDuration(first.longestPause)}`,
      weight: 0.05 * ramp(first.historyHours, 24, 72),
    },
    { what: 'records that should be there', value: `${Math.round(expected)} or more` },
    { what: text, value: [...others].sort().slice(0, named).join(', '), weight },
  ]);
}

function ownerEntity(owner: string, isNamed: boolean): Entity {
  return { kind: isNamed ? 'host' : 'file', value: owner };
}

const lossWords: Readonly<Record<string, string>> = {
  capture_loss: 'TCP segments missed, says capture_loss',
  stats: 'packets dropped, says stats',
  drops: 'packets dropped by the kernel, says stats',
  missed: 'bytes missing inside connections',
};
/** Losses above this share, in percent, hide enough for somebody to hide in. */
const grave = 5;

export function lossFinding(row: SqlRow): Finding {
  const what = String(row['what']);
  const sensor = String(row['sensor']);
  const [percent, most] = [row['percent'], row['most']].map((share) => Math.min(100, Number(share ?? 0))) as [
    number,
    number,
  ];
  const owner = sensor === '' ? 'the network sensor' : `sensor ${sensor}`;
  const value = `${percent.toFixed(1)} %${most > percent ? `, at most ${most.toFixed(1)} %` : ''}`;
  const weight = percent >= grave ? 0.2 + 0.2 * ramp(percent, grave, 50) : 0.15 * ramp(percent, 0, grave);
  const reasons = roundedReasons([{ what: lossWords[what] ?? what, value, weight }]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: ['loss', what, sensor],
    detector,
    title: `${owner} did not see ${percent.toFixed(1)} % of what it should (${what})`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: sensor === '' ? [] : [{ kind: 'host', value: sensor }],
    attack: [],
    reasons,
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the sensor sees all packets',
    next: `give ${owner} more of the processor or less traffic, and check the mirror port: what it did not see cannot be found`,
  });
}

export function clockFinding(row: SqlRow): Finding {
  const number = (column: string): number => Number(row[column]);
  const [machine, dataset] = [String(row['machine']), String(row['dataset'])];
  const owner = machine === '' ? dataset : machine;
  const back = formatDuration(number('back'));
  const reasons = roundedReasons([
    { what: 'time went back', value: `${back}, ${number('jumps')} times in ${number('n')} records`, weight: 0.25 },
    { what: 'from', value: formatIso(number('jumped_from')) },
    { what: 'to', value: formatIso(number('jumped_to')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: ['clock', machine, dataset, String(row['evidence_id'])],
    detector,
    title: `the clock of ${owner} went back by ${back}`,
    severity: severityOf(score),
    score,
    first_seen: number('jumped_to'),
    last_seen: number('jumped_from'),
    entities: machine === '' ? [] : [{ kind: 'host', value: machine }],
    attack: ['T1562'],
    reasons,
    evidence: [{ evidence_id: number('evidence_id'), at: number('jumped_at') }],
    count: number('jumps'),
    vanishes: 'the records stand in the order of time',
    next: `see who set the clock of ${owner}, and order what happened around it by another machine's log`,
  });
}
