import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import type { Analytic } from '../detect/analytic.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import { FollowedFiles } from './followed-files.ts';
import { openLocalCase } from './local-case.ts';
import type { OwnedCase } from './owned-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import { loadRuleSets } from './search-rules.ts';
import type { Verdict } from './service.ts';

const samples = join(import.meta.dirname, '../../samples/intrusion');
/** The day with the intrusion, in files of which each kind of detector that is asked of news reads some. */
const sampleFiles = [
  'auditd/audit.log.1.gz',
  'auditd/audit.log',
  'falco/falco_events.json',
  'containers/9f2c41d07be8-json.log',
  'zeek/http-2026-03-10-00-00-00.log.gz',
  'zeek/files-2026-03-10-00-00-00.log.gz',
  'zeek/conn-2026-03-10-13-00-00.log.gz',
];
const portions = 3;

let folder: string;
let logs: string;
let grown: OwnedCase;
/** After each portion. */
const looks: Verdict[] = [];
/** After everything was judged at the end. */
let whole: Verdict;

function open(name: string): Promise<OwnedCase> {
  const settings = { ...defaultCaseSettings, threads: 1 };
  return openLocalCase({
    folder: join(folder, name),
    settings,
    logger: silentLogger,
    now: () => 1_773_187_200_000_000,
  });
}

function investigate(service: OwnedCase, paths: readonly string[]): Promise<Verdict> {
  return service.investigate({ paths, only: [], skip: [], indicators: [], rules: [] }, {});
}

/** Writes the lines of a portion behind those before it; a record of several lines may be cut in between. */
function grow(portion: number): void {
  for (const file of sampleFiles) {
    const bytes = readFileSync(join(samples, file));
    const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split(/(?<=\n)/);
    const [from, to] = [portion, portion + 1].map((share) => Math.floor((lines.length * share) / portions));
    appendFileSync(join(logs, basename(file, '.gz')), lines.slice(from, to).join(''));
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-news-'));
  logs = join(folder, 'logs');
  mkdirSync(logs);
  grown = await open('grown');
  const followed = new FollowedFiles();
  const rules = loadRuleSets([]);
  for (let portion = 0; portion < portions; portion++) {
    grow(portion);
    await grown.follow([logs], { followed, signal: undefined });
    await grown.judgeNews({ rules, takeFired: () => undefined }, {});
    looks.push(await grown.verdict());
  }
  whole = await investigate(grown, []);
}, 240_000);
afterAll(async () => {
  await grown.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What does not hang on the names that enrichers learn only when everything is judged. */
function essence({ id, severity, count, first_seen, last_seen, attack, evidence }: Finding) {
  return { id, severity, count, first_seen, last_seen, attack: [...attack].sort(), evidence: evidence.length };
}

const isApart = ({ detector }: Finding): boolean =>
  detector.startsWith('rules/') ||
  detector.startsWith('alerts/') ||
  (Object.values(analytics) as readonly Analytic[]).some(
    ({ id, apart }) => apart !== undefined && detector === `analytics/${id}`,
  );

function byId(findings: readonly Finding[]): ReturnType<typeof essence>[] {
  return findings.map(essence).sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('judging what is new', () => {
  it('finds, portion by portion, what looking at everything finds', () => {
    const [last, all] = [looks.at(-1)?.findings ?? [], whole.findings].map((findings) => findings.filter(isApart));
    const isExploit = ({ detector }: Finding): boolean => detector === 'analytics/exploit-string';
    expect(all?.length).toBeGreaterThan(10);
    expect(byId(last?.filter((finding) => !isExploit(finding)) ?? [])).toEqual(
      byId(all?.filter((finding) => !isExploit(finding)) ?? []),
    );
    // A call-back in a later portion than its request makes that worse only when everything is judged.
    const ids = (findings: readonly Finding[] | undefined) =>
      findings
        ?.filter(isExploit)
        .map(({ id }) => id)
        .sort();
    expect(ids(last)).toEqual(ids(all));
  });

  it('forgets nothing of what was found before', () => {
    for (const [at, look] of looks.entries()) {
      const later = new Set(looks[at + 1]?.findings.map(({ id }) => id) ?? look.findings.map(({ id }) => id));
      expect(look.findings.filter(({ id }) => !later.has(id))).toEqual([]);
    }
    expect(looks.at(-1)?.findings.length).toBeGreaterThan(looks[0]?.findings.length ?? 0);
  });

  it('ends in the verdict that the same evidence has at once', { timeout: 240_000 }, async () => {
    const atOnce = await open('at-once');
    const { findings, incidents } = await investigate(atOnce, [logs]);
    await atOnce.close();
    // Numbers of evidence follow the order of reading, and so do ties of time.
    const plain = (finding: Finding) => ({ ...finding, evidence: finding.evidence.length });
    expect(whole.findings.map(plain)).toEqual(findings.map(plain));
    const held = (list: readonly Incident[]) => list.map(({ risk, findings: ids }) => ({ risk, ids }));
    expect(held(whole.incidents)).toEqual(held(incidents));
    // Where later portions reach further back, an incident keeps the name by which it was told.
    const names = new Set([...incidents, ...(looks.at(-1)?.incidents ?? [])].map(({ id }) => id));
    expect(whole.incidents.filter(({ id }) => !names.has(id))).toEqual([]);
  });

  it('gives the incidents that stand when nothing came', async () => {
    const before = await grown.verdict();
    const { incidents, problems } = await grown.judgeNews({ rules: [], takeFired: () => undefined }, {});
    expect([incidents, problems]).toEqual([before.incidents, []]);
  });
});
