import { parseIsoMicros } from '../../../base/time.ts';
import { version } from '../../../base/version.ts';
import type { Severity } from '../../../events/finding.ts';
import { defineOutput } from '../../output.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { safeJson } from '../../safe-json.ts';
import { artifactOf } from './artifact.ts';

const ocsfVersion = '1.5.0';
const activity = { id: 1, name: 'Create' } as const;
const detectionFinding = { uid: 2004, name: 'Detection Finding' } as const;

const severityIds: Readonly<Record<Severity, readonly [id: number, caption: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

export const output = defineOutput({
  id: 'ocsf',
  title: 'OCSF 1.5.0 findings',
  description:
    'For a security lake or SIEM: one Detection Finding (class 2004) a line. Incidents come first, with the profile `incident`, their risk and the ids of their findings; a finding names its incident as `correlation_uid`. Times are those of the evidence, in milliseconds. Problems, what was not checked and the places of evidence beyond those of each finding are left out.',
  references: ['https://schema.ocsf.io/1.5.0/classes/detection_finding'],
  mediaType: 'application/x-ndjson',
  extension: 'jsonl',
  render: (report) => lines(report),
});

function* lines(report: Report): Generator<string> {
  const incidentOf = new Map(report.incidents.flatMap(({ id, findings }) => findings.map((finding) => [finding, id])));
  for (const incident of report.incidents) yield `${safeJson(incidentEvent(incident))}\n`;
  for (const finding of report.findings) yield `${safeJson(findingEvent(finding, incidentOf.get(finding.id)))}\n`;
}

type Told = Pick<ReportFinding, 'id' | 'title' | 'severity' | 'first_seen' | 'last_seen' | 'entities' | 'attack'>;

function findingEvent(finding: ReportFinding, incident: string | undefined): unknown {
  const { detector, reasons, evidence, count, next, sentence, vanishes, score } = finding;
  const confidence = Math.round(score * 100);
  return {
    ...common(finding, sentence ?? finding.title, incident),
    count: Math.max(count, 1),
    confidence_score: confidence,
    ...confidenceOf(confidence),
    finding_info: {
      ...info(finding, sentence ?? finding.title, 'Detection'),
      analytic: { uid: detector, name: detector, ...analyticType(detector) },
    },
    remediation: { desc: next },
    unmapped: { reasons, vanishes, places: evidence },
  };
}

function incidentEvent(incident: ReportIncident): unknown {
  const story = incident.story.map(({ time, text }) => `${time} ${text}`).join('\n');
  return {
    ...common(incident, incident.title, incident.id, ['incident']),
    risk_score: incident.risk,
    finding_info: {
      ...info(incident, story, 'Incident'),
      related_events: incident.findings.map((uid) => ({ uid, type: detectionFinding.name })),
    },
    remediation: { desc: incident.next.join('\n') },
    unmapped: { risk_parts: incident.risk_parts },
  };
}

function common(told: Told, message: string, correlation: string | undefined, profiles?: readonly string[]): object {
  const [severityId, severity] = severityIds[told.severity];
  const artifacts = told.entities.map(artifactOf);
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: detectionFinding.uid,
    class_name: detectionFinding.name,
    type_uid: detectionFinding.uid * 100 + activity.id,
    type_name: `${detectionFinding.name}: ${activity.name}`,
    time: millis(told.last_seen),
    start_time: millis(told.first_seen),
    end_time: millis(told.last_seen),
    severity_id: severityId,
    severity,
    status_id: 1,
    status: 'New',
    is_alert: told.severity !== 'info' && told.severity !== 'low',
    message,
    metadata: {
      version: ocsfVersion,
      uid: told.id,
      product: { name: 'Vakthund', vendor_name: 'Vakthund', version },
      ...(correlation === undefined ? {} : { correlation_uid: correlation }),
      ...(profiles === undefined ? {} : { profiles }),
    },
    ...(artifacts.length === 0
      ? {}
      : {
          evidences: artifacts.map(({ evidence }) => evidence),
          observables: artifacts.map(({ observable }) => observable),
        }),
  };
}

function info(told: Told, desc: string, type: string): object {
  return {
    uid: told.id,
    title: told.title,
    desc,
    types: [type],
    first_seen_time: millis(told.first_seen),
    last_seen_time: millis(told.last_seen),
    ...(told.attack.length === 0 ? {} : { attacks: told.attack.map(attackOf) }),
  };
}

/** `T1071.001` is a sub-technique of `T1071`. */
function attackOf(id: string): object {
  const [technique = id] = id.split('.');
  return { technique: { uid: technique }, ...(technique === id ? {} : { sub_technique: { uid: id } }) };
}

function confidenceOf(score: number): object {
  if (score >= 67) return { confidence_id: 3, confidence: 'High' };
  return score >= 34 ? { confidence_id: 2, confidence: 'Medium' } : { confidence_id: 1, confidence: 'Low' };
}

function analyticType(detector: string): object {
  if (detector.startsWith('rules/')) return { type_id: 1, type: 'Rule' };
  return detector.startsWith('analytics/') ? { type_id: 2, type: 'Behavioral' } : { type_id: 99, type: 'Other' };
}

function millis(iso: string): number {
  return Math.floor((parseIsoMicros(iso) ?? 0) / 1000);
}
