import { entityKinds, type Entity, type EntityKind } from '../../events/entity.ts';
import type { ReportInput } from '../report.ts';
import { beacon, sampleVerdict } from './sample-verdict.ts';

const values: Readonly<Record<EntityKind, string>> = {
  host: 'web01',
  process: 'web01/4711/curl',
  executable: '/usr/bin/curl',
  file: 'web01:/etc/cron.d/sync',
  'file-hash': 'ab'.repeat(32),
  container: 'shop',
  image: 'registry.example/shop:1',
  user: 'root',
  address: '2001:db8::7',
  domain: 'c2.example',
  url: "https://c2.example/a'b",
  'tls-fingerprint': 't13d1516h2_8daaf6152771_b186095e22b6',
  'user-agent': 'curl/8',
  package: 'log4j-core 2.14.1',
  vulnerability: 'CVE-2021-44228',
  device: '00:00:5E:00:53:01',
};

/** An entity of each kind. */
const entityOfEachKind: readonly Entity[] = entityKinds.map((kind) => ({ kind, value: values[kind] }));

/** The sample with one more finding, of each severity's rule, that is about everything a finding can be about. */
export const variedVerdict: ReportInput = {
  ...sampleVerdict,
  findings: [
    ...sampleVerdict.findings,
    { ...beacon, id: 'f-000000000005', detector: 'rules/sigma/1', entities: entityOfEachKind },
    { ...beacon, id: 'f-000000000006', severity: 'critical', attack: [], entities: [{ kind: 'user-agent', value: 'x' }] },
  ],
};
