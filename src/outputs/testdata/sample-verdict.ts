import { parseIsoMicros } from '../../base/time.ts';
import type { Finding } from '../../events/finding.ts';
import type { Incident } from '../../events/incident.ts';
import type { ReportInput } from '../report.ts';

/** A made-up verdict: one incident of two findings, two loose ones, problems of each shape, and blind spots. */
const at = (iso: string): number => parseIsoMicros(iso) ?? 0;

export const beacon: Finding = {
  id: 'f-000000000001',
  detector: 'analytics/beacon',
  title: '10.1.2.3 calls 203.0.113.7 every 60 s',
  severity: 'high',
  score: 0.93,
  first_seen: at('2026-11-24T10:09:00.000042Z'),
  last_seen: at('2026-11-25T10:00:00Z'),
  entities: [
    { kind: 'host', value: '10.1.2.3' },
    { kind: 'address', value: '203.0.113.7' },
  ],
  attack: ['T1071.001'],
  reasons: [
    { what: 'bytes', value: '1.2 MB' },
    { what: 'interval regularity', value: '0.98', weight: 0.25 },
    { what: 'prevalence', value: '1 of 40 hosts', weight: 0.15 },
  ],
  evidence: [
    { evidence_id: 1, at: 1204 },
    { evidence_id: 1, at: 9999 },
  ],
  count: 1431,
  vanishes: 'the intervals scatter',
  next: 'Find the process behind it.',
};
export const cron: Finding = {
  ...beacon,
  id: 'f-000000000002',
  detector: 'persistence/cron',
  title: 'Cron file with a download',
  sentence: 'root on web01 wrote a cron file with a download',
  first_seen: at('2026-11-24T10:04:00Z'),
  last_seen: at('2026-11-24T10:04:00Z'),
  score: 0.8,
  entities: [{ kind: 'file', value: 'web01:/etc/cron.d/sync' }],
  attack: ['T1053.003'],
  reasons: [],
  evidence: [{ evidence_id: 2, at: 40 }],
  count: 1,
};
const loose: Finding = { ...cron, id: 'f-000000000003', severity: 'low', title: 'Rare user agent', detector: 'analytics/rare-agent', score: 0.3 };

const incident: Incident = {
  id: 'inc-00000000000a',
  title: 'Scheduled job planted on web01, implant beaconing to 203.0.113.7',
  risk: 71,
  severity: 'high',
  first_seen: cron.first_seen,
  last_seen: beacon.last_seen,
  entities: [...beacon.entities, ...cron.entities],
  attack: ['T1053.003', 'T1071.001'],
  findings: [cron.id, beacon.id],
  story: [
    { time: cron.first_seen, text: 'root on web01 wrote a cron file with a download', finding: cron.id },
    { time: beacon.first_seen, text: '10.1.2.3 calls 203.0.113.7 every 60 s, 1431 events until 2026-11-25 10:00 UTC', finding: beacon.id },
  ],
  risk_parts: [
    { what: 'strongest finding', value: 'high, score 0.93: 10.1.2.3 calls 203.0.113.7 every 60 s', points: 57.4 },
    { what: 'ATT&CK tactics', value: '2 (persistence, command and control)', points: 13.6 },
  ],
  next: ['Take web01 off the network.', 'Block 203.0.113.7 on the way out.'],
  links: [{ from: cron.id, to: beacon.id, why: 'near in time on host web01', weight: 0.62 }],
};

export const sampleVerdict: ReportInput = {
  caseFolder: '/srv/cases/acme/.vakthund',
  evidence: [
    {
      evidence_id: 1,
      path: 'day.tar.gz!zeek/conn.log',
      sha256: '0'.repeat(64),
      source: 'zeek',
      size: 1_204_551,
      is_complete: true,
      events: { flow: 40_112 },
      problems: 3,
    },
    {
      evidence_id: 2,
      path: 'falco.jsonl',
      sha256: '1'.repeat(64),
      source: 'falco-json',
      size: 9120,
      is_complete: true,
      events: { alert: 12, process: 5000 },
      problems: 0,
    },
    { evidence_id: 3, path: 'strange.bin', sha256: '2'.repeat(64), source: null, size: 7, is_complete: false, events: {}, problems: 1 },
  ],
  findings: [loose, cron, { ...loose, id: 'f-000000000004' }, beacon],
  incidents: [incident],
  problems: [
    { code: 'bad-record', at: { path: 'day.tar.gz!zeek/conn.log', line: 17 }, message: 'the line has 3 of 21 columns', hint: 'was it cut?', count: 3 },
    { code: 'unknown-format', at: { path: 'strange.bin' }, message: 'no source recognises the content' },
    { code: 'partly-seen', at: {}, message: 'packets were cut to 70 bytes' },
  ],
  notChecked: [
    { what: 'strange.bin', why: 'no source recognises the format' },
    { what: 'analytics/rogue-device', why: 'no dhcp or device events in the evidence' },
    { what: 'analytics/dga', why: 'no dhcp or device events in the evidence' },
  ],
  span: { first: at('2026-11-24T10:00:00Z'), last: at('2026-11-25T10:00:00Z') },
  ran: ['analytics/beacon', 'persistence/cron'],
};

export const emptyVerdict: ReportInput = {
  caseFolder: '.vakthund',
  evidence: [],
  findings: [],
  incidents: [],
  problems: [],
  notChecked: [],
  span: undefined,
};

/** The same verdict with every text out of evidence replaced: what an attacker may write into logs. */
export function withTexts(verdict: ReportInput, text: string): ReportInput {
  const entities = (list: Finding['entities']): Finding['entities'] => list.map(({ kind }) => ({ kind, value: text }));
  return {
    ...verdict,
    caseFolder: text,
    evidence: verdict.evidence.map((row) => ({ ...row, path: text, source: row.source === null ? null : text })),
    findings: verdict.findings.map((finding) => ({
      ...finding,
      detector: text,
      title: text,
      sentence: text,
      entities: entities(finding.entities),
      attack: [text],
      reasons: [{ what: text, value: text, weight: 0.5 }],
      vanishes: text,
      next: text,
    })),
    incidents: verdict.incidents.map((one) => ({
      ...one,
      title: text,
      entities: entities(one.entities),
      attack: [text],
      story: one.story.map((step) => ({ ...step, text })),
      risk_parts: [{ what: text, value: text, points: 12 }],
      next: [text],
      links: [],
    })),
    problems: verdict.problems.map((problem) => ({ ...problem, at: { path: text, line: 1 }, message: text, hint: text })),
    notChecked: [{ what: text, why: text }],
    ran: [text],
  };
}
