import { parseIsoMicros } from '../../../base/time.ts';
import { defineOutput } from '../../output.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { safeJson } from '../../safe-json.ts';
import { placeOf } from '../../words.ts';

export const output = defineOutput({
  id: 'timesketch',
  title: 'Timesketch timeline',
  description:
    'For a common time line with other tools: JSON lines with `message`, `datetime`, `timestamp` (µs), `timestamp_desc` and `tag`. Each finding stands where it was first seen and, when it went on, where it was last seen; incidents stand at their beginning and their end. Entities become fields such as `host` and `domain`.',
  references: ['https://timesketch.org/guides/user/import-from-json-csv/'],
  mediaType: 'application/x-ndjson',
  extension: 'jsonl',
  render: (report) => lines(report),
});

type Told = Pick<
  ReportFinding | ReportIncident,
  'id' | 'title' | 'severity' | 'first_seen' | 'last_seen' | 'entities' | 'attack'
>;

function* lines(report: Report): Generator<string> {
  const incidentOf = new Map(
    report.incidents.flatMap((incident) => incident.findings.map((finding) => [finding, incident] as const)),
  );
  for (const incident of report.incidents) {
    const message = `${incident.title} (risk ${incident.risk})`;
    yield* rows(incident, message, 'Incident', { incident: incident.id, risk: incident.risk });
  }
  for (const finding of report.findings) {
    const incident = incidentOf.get(finding.id);
    yield* rows(finding, finding.sentence ?? finding.title, 'Finding', {
      detector: finding.detector,
      score: finding.score,
      events: finding.count,
      ...(incident === undefined ? {} : { incident: incident.id, incident_title: incident.title }),
      reasons: finding.reasons.map(({ what, value }) => `${what}: ${value}`).join('; '),
      evidence: finding.evidence.map(placeOf).join('; '),
    });
  }
}

function* rows(told: Told, message: string, what: string, more: object): Generator<string> {
  yield row(told, message, told.first_seen, `${what} first seen`, more);
  if (told.last_seen !== told.first_seen) yield row(told, message, told.last_seen, `${what} last seen`, more);
}

function row(told: Told, message: string, time: string, description: string, more: object): string {
  return `${safeJson({
    message,
    datetime: time.replace('Z', '+00:00'),
    timestamp: parseIsoMicros(time) ?? 0,
    timestamp_desc: description,
    tag: ['vakthund', told.severity, ...told.attack],
    data_type: 'vakthund:verdict',
    id: told.id,
    severity: told.severity,
    ...entityFields(told.entities),
    ...more,
  })}\n`;
}

/** `user-agent` becomes `user_agent`; several of a kind are one text, as the fields of an index cannot be of two types. */
function entityFields(entities: Told['entities']): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { kind, value } of entities) {
    const name = kind.replaceAll('-', '_');
    fields[name] = fields[name] === undefined ? value : `${fields[name]}; ${value}`;
  }
  return fields;
}
