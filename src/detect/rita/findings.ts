import { parseIp } from '../../base/ip.ts';
import { formatBytes } from '../../base/bytes.ts';
import { formatDuration, microsPerSecond } from '../../base/time.ts';
import type { Entity } from '../../events/entity.ts';
import type { EvidencePointer, Finding, Reason } from '../../events/finding.ts';
import type { AnalyticContext } from '../analytic.ts';
import { makeFinding } from '../make-finding.ts';
import { analyseAsRita, type RitaThreat } from './analyse.ts';
import { farSide, keyOf, readPointers } from './evidence.ts';
import { createFilter } from './filter.ts';
import { ritaProfiles, type RitaProfileId } from './profile.ts';
import type { RitaSettings } from './settings.ts';
import { severityOf, type IndicatorId } from './threat-score.ts';

/**
 * RITA's rows whose base score comes from one of the given indicators, as findings of a detector, strongest first. Rows
 * that RITA itself puts into no category are left out.
 */
export async function ritaFindings(
  context: AnalyticContext<RitaSettings>,
  profile: RitaProfileId,
  detector: string,
  indicators: readonly IndicatorId[],
): Promise<Finding[]> {
  const { settings } = context;
  const threats = await analyseAsRita(context.store, {
    profile: ritaProfiles[profile],
    filter: createFilter({
      alwaysIncluded: settings.always_included,
      neverIncluded: settings.never_included,
      dropsExternalToInternal: settings.drop_external_to_internal,
    }),
    timeCondition: context.timeCondition,
    isRolling: settings.rolling,
    isWanted: (threat) => indicators.includes(threat.base) && severityOf(threat.finalScore) !== 'info',
    limit: settings.max_findings,
  });
  const pointers = await readPointers(context.store, threats);
  return threats.map((threat) => toFinding(threat, profile, detector, pointers.get(keyOf(threat)) ?? []));
}

function toFinding(
  threat: RitaThreat,
  profile: string,
  detector: string,
  evidence: readonly EvidencePointer[],
): Finding {
  const score = Math.round(Math.min(1, Math.max(0, threat.finalScore)) * 1000) / 1000;
  return makeFinding({
    about: [profile, threat.source, farSide(threat)],
    detector,
    title: titleOf(threat),
    severity: severityOf(threat.finalScore),
    score,
    first_seen: threat.firstSeen * microsPerSecond,
    last_seen: threat.lastSeen * microsPerSecond,
    entities: entitiesOf(threat),
    attack: techniques[threat.base],
    reasons: reasonsOf(threat, profile),
    evidence,
    count: threat.count + threat.openCount || threat.subdomains,
    vanishes: `its numbers fall below RITA's base of this indicator (profile ${profile})`,
    next: 'Look at the connections, and at the process that makes them.',
  });
}

const techniques: Readonly<Record<IndicatorId, readonly string[]>> = {
  beacon: ['T1071'],
  longConnection: ['T1071'],
  strobe: ['T1071'],
  subdomains: ['T1071.004'],
  threatIntel: ['T1071'],
};

function titleOf(threat: RitaThreat): string {
  const ends = `${threat.source} to ${farSide(threat)}`;
  switch (threat.base) {
    case 'beacon':
      return `Beacon ${ends} (RITA ${threat.beacon?.score ?? 0})`;
    case 'longConnection':
      return `${ends} connected for ${formatDuration(threat.totalDuration * microsPerSecond)}`;
    case 'strobe':
      return `${ends}: ${threat.count} connections in a day`;
    case 'subdomains':
      return `${threat.subdomains} names below ${threat.fqdn} were asked for`;
    case 'threatIntel':
      return `${ends}, which is on a threat list`;
  }
}

function entitiesOf(threat: RitaThreat): Entity[] {
  const far = farSide(threat);
  const list: Entity[] = threat.source === '' ? [] : [{ kind: 'host', value: threat.source }];
  list.push({ kind: parseIp(far) === undefined ? 'domain' : 'address', value: far });
  return [...list, ...threat.serverIps.map((value): Entity => ({ kind: 'address', value }))];
}

function reasonsOf(threat: RitaThreat, profile: string): Reason[] {
  const parts = threat.beacon;
  const beacon: Reason[] =
    parts === undefined
      ? []
      : [
          { what: 'interval score', value: String(parts.timestamps) },
          { what: 'size score', value: String(parts.sizes) },
          { what: 'duration score', value: String(parts.duration) },
          { what: 'histogram score', value: String(parts.histogram) },
        ];
  return [
    { what: `base: ${threat.base}`, value: `RITA v5, profile ${profile}`, weight: round(threat.baseScore) },
    ...threat.modifiers.map(({ what, value, score }) => ({ what, value, weight: round(score) })),
    ...beacon,
    {
      what: 'connections',
      value: `${threat.count} finished, ${threat.openCount} open, ${threat.proxyCount} through a proxy`,
    },
    { what: 'volume', value: formatBytes(threat.totalBytes) },
    ...(threat.ports.length === 0 ? [] : [{ what: 'ports', value: threat.ports.join(' ') }]),
  ];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
