import type { Entity } from '../../events/entity.ts';
import type { Finding } from '../../events/finding.ts';
import type { DecodedEvidence } from '../content-reader.ts';
import type { Alert } from './notice.ts';

/** What an analytic found in events that came in just now, as an alert about the first thing that it names beside the machine. */
export function findingAlert(finding: Finding, evidence: DecodedEvidence): Alert {
  const one = (kind: Entity['kind']): string | undefined =>
    finding.entities.find((entity) => entity.kind === kind)?.value;
  const host = one('host');
  const subject = finding.entities.find(({ kind }) => kind !== 'host')?.value ?? '';
  const [container, user] = [one('container'), one('user')];
  return {
    detector: finding.detector,
    subject,
    title: finding.title,
    severity: finding.severity,
    time: finding.first_seen,
    host,
    what: one('process') ?? '',
    attack: finding.attack,
    ...(container === undefined ? {} : { container }),
    ...(user === undefined ? {} : { user }),
    evidence: { path: evidence.path, at: finding.evidence[0]?.at ?? 0 },
  };
}
