import { parseIsoMicros } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import { severityRank } from '../../../events/finding.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { ownId } from './identifier.ts';
import { observablesOf, patternOf, type StixObject } from './observable.ts';

/** STIX counts at most so many observations in one object. */
const maxObserved = 999_999_999;
const attackUrl = 'https://attack.mitre.org/techniques/';
/** An identity and an attack pattern are older than any finding. */
const epoch = '2020-01-01T00:00:00.000Z';

const author: StixObject = {
  type: 'identity',
  spec_version: '2.1',
  id: ownId('identity', 'vakthund'),
  created: epoch,
  modified: epoch,
  name: 'Vakthund',
  identity_class: 'system',
};

/** Objects of the bundle, each once; what others refer to comes before them. */
export function* bundleObjects(report: Report): Generator<StixObject> {
  const seen = new Set<string>();
  const made = new Map<string, readonly string[]>();
  yield author;
  for (const finding of report.findings) {
    const objects = objectsOfFinding(finding);
    made.set(
      finding.id,
      objects.map(({ id }) => id),
    );
    yield* fresh(objects, seen);
  }
  for (const incident of report.incidents) yield* fresh(objectsOfIncident(incident, made), seen);
}

function* fresh(objects: readonly StixObject[], seen: Set<string>): Generator<StixObject> {
  for (const object of objects) {
    if (seen.has(object.id)) continue;
    seen.add(object.id);
    yield object;
  }
}

function objectsOfFinding(finding: ReportFinding): StixObject[] {
  const observables = finding.entities.flatMap(observablesOf);
  const patterns = finding.attack.map(attackPattern);
  const vulnerabilities = finding.entities.flatMap(vulnerability);
  const seen = observables.length === 0 ? note(finding) : observation(finding, observables);
  const indicators = severityRank(finding.severity) < severityRank('medium') ? [] : indicatorsOf(finding);
  return [
    ...observables,
    ...patterns,
    ...vulnerabilities,
    seen,
    ...indicators,
    ...indicators.flatMap((indicator) => [
      ...(seen.type === 'observed-data' ? [relationship(finding, indicator.id, 'based-on', seen.id)] : []),
      ...patterns.map(({ id }) => relationship(finding, indicator.id, 'indicates', id)),
    ]),
  ];
}

function observation(finding: ReportFinding, observables: readonly StixObject[]): StixObject {
  return own('observed-data', finding, [finding.id], {
    first_observed: milliseconds(finding.first_seen),
    last_observed: milliseconds(finding.last_seen),
    number_observed: Math.min(Math.max(finding.count, 1), maxObserved),
    object_refs: [...new Set(observables.map(({ id }) => id))],
    labels: [finding.detector, `severity-${finding.severity}`],
  });
}

/** What STIX has no observable for is still told. */
function note(finding: ReportFinding): StixObject {
  const entities = finding.entities.map(({ kind, value }) => `${kind} ${value}`).join('; ');
  return own('note', finding, [finding.id], {
    abstract: finding.title,
    content: [finding.sentence ?? finding.title, ...(entities === '' ? [] : [entities])].join('\n'),
    labels: [finding.detector, `severity-${finding.severity}`],
    object_refs: [author.id],
  });
}

function indicatorsOf(finding: ReportFinding): StixObject[] {
  return finding.entities.flatMap((entity) => {
    const pattern = patternOf(entity);
    if (pattern === undefined) return [];
    const isSure = severityRank(finding.severity) >= severityRank('high');
    return own('indicator', finding, [entity.kind, entity.value], {
      name: `${entity.kind} ${entity.value}`,
      description: `${finding.title} (${finding.detector})`,
      indicator_types: [isSure ? 'malicious-activity' : 'anomalous-activity'],
      pattern,
      pattern_type: 'stix',
      valid_from: milliseconds(finding.first_seen),
      confidence: Math.round(finding.score * 100),
    });
  });
}

function attackPattern(technique: string): StixObject {
  return {
    type: 'attack-pattern',
    spec_version: '2.1',
    id: ownId('attack-pattern', technique),
    created: epoch,
    modified: epoch,
    created_by_ref: author.id,
    name: technique,
    external_references: [
      {
        source_name: 'mitre-attack',
        external_id: technique,
        url: attackUrl + technique.toWellFormed().split('.').map(encodeURIComponent).join('/'),
      },
    ],
  };
}

function vulnerability({ kind, value }: Entity): StixObject[] {
  if (kind !== 'vulnerability') return [];
  const references = value.startsWith('CVE-') ? [{ source_name: 'cve', external_id: value }] : [];
  return [
    {
      type: 'vulnerability',
      spec_version: '2.1',
      id: ownId('vulnerability', value),
      created: epoch,
      modified: epoch,
      created_by_ref: author.id,
      name: value,
      ...(references.length === 0 ? {} : { external_references: references }),
    },
  ];
}

function objectsOfIncident(incident: ReportIncident, made: ReadonlyMap<string, readonly string[]>): StixObject[] {
  const members = [...new Set(incident.findings.flatMap((id) => made.get(id) ?? []))];
  const story = incident.story.map(({ time, text }) => `${time} ${text}`).join('\n');
  const labels = [`severity-${incident.severity}`, `risk-${incident.risk}`];
  const told = own('incident', incident, [incident.id], { name: incident.title, description: story, labels });
  const links = members
    .filter((id) => /^(?:observed-data|attack-pattern|indicator|vulnerability)--/.test(id))
    .map((id) => relationship(incident, told.id, 'related-to', id));
  const report = own('report', incident, [incident.id], {
    name: incident.title,
    description: story,
    report_types: ['threat-report', 'observed-data'],
    published: milliseconds(incident.last_seen),
    object_refs: [told.id, ...members, ...links.map(({ id }) => id)],
    labels,
  });
  return [told, ...links, report];
}

type Told = Pick<ReportFinding, 'first_seen' | 'last_seen'>;

function relationship(told: Told, from: string, kind: string, to: string): StixObject {
  return own('relationship', told, [from, kind, to], { relationship_type: kind, source_ref: from, target_ref: to });
}

function own(
  type: string,
  told: Told,
  key: readonly string[],
  properties: Readonly<Record<string, unknown>>,
): StixObject {
  return {
    type,
    spec_version: '2.1',
    id: ownId(type, ...key),
    created_by_ref: author.id,
    created: milliseconds(told.first_seen),
    modified: milliseconds(told.last_seen),
    ...properties,
  };
}

/** STIX wants at least and at most what all readers keep: milliseconds. */
function milliseconds(iso: string): string {
  return new Date(Math.floor((parseIsoMicros(iso) ?? 0) / 1000)).toISOString();
}
