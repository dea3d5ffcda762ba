import { defineOutput } from '../../output.ts';
import type { Report } from '../../report-schema.ts';
import { safeJson } from '../../safe-json.ts';
import { bundleObjects } from './bundle.ts';
import { ownId } from './identifier.ts';

export const output = defineOutput({
  id: 'stix',
  title: 'STIX 2.1 bundle',
  description:
    'To share with threat-intelligence platforms: each finding as observed-data with its observables, the far side of findings of medium or more as indicators, ATT&CK techniques as attack patterns, each incident as `incident` and as a `report` over all that belongs to it, and the relationships between them. Ids are the same over runs. Reasons and places of evidence stand in descriptions only.',
  references: ['https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html'],
  mediaType: 'application/stix+json;version=2.1',
  extension: 'json',
  render: (report) => documentOf(report),
});

function* documentOf(report: Report): Generator<string> {
  const ids = [...report.incidents, ...report.findings].map(({ id }) => id);
  yield `{"type":"bundle","id":${JSON.stringify(ownId('bundle', report.case, ...ids))},"objects":[`;
  let lead = '\n';
  for (const object of bundleObjects(report)) {
    yield `${lead}${safeJson(object)}`;
    lead = ',\n';
  }
  yield '\n]}\n';
}
