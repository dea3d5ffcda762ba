import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../src/outputs/report-schema.ts';

const root = join(import.meta.dirname, '..');
const main = join(root, 'src/cli/main.ts');
let folder: string;
let intrusion: Report;
let quiet: Report;

function investigate(sample: string, ...more: string[]): { status: number | null; stdout: string; stderr: string } {
  const args = [main, 'investigate', `samples/${sample}`, '--case', join(folder, sample), ...more];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-samples-'));
  intrusion = JSON.parse(investigate('intrusion', '--json').stdout) as Report;
  quiet = JSON.parse(investigate('quiet', '--json').stdout) as Report;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isGrave = ({ severity }: { severity: string }): boolean => severity === 'high' || severity === 'critical';

describe('samples/intrusion', () => {
  it('reads everything without a problem', () => {
    expect(intrusion.problems).toEqual([]);
    expect(intrusion.evidence.every((row) => row.source !== null && row.is_complete)).toBe(true);
    expect(intrusion.evidence.map((row) => row.path)).toContain('samples/intrusion/auditd/audit.log');
  });

  it('has exactly one incident of high or critical severity, and it is the first', () => {
    expect(intrusion.incidents.filter(isGrave)).toHaveLength(1);
    expect(intrusion.incidents[0]).toMatchObject({ severity: 'critical' });
  });

  it('names every step in its story, in the order of time', () => {
    const steps = [
      /Log4Shell .* called 203\.0\.113\.66/,
      /java started .*: downloads and runs in one line/,
      /changed scheduled job \/opt\/shop\/cron\.d\/shop-report/,
      /calls static\.nimbus-relay\.example .* every 10 min/,
      /DNS names below sync-metrics\.example/,
    ];
    const story = intrusion.incidents[0]?.story.map((step) => step.text) ?? [];
    const places = steps.map((step) => story.findIndex((text) => step.test(text)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('points each finding to lines that exist', () => {
    const paths = new Set(intrusion.evidence.map((row) => row.path));
    for (const finding of intrusion.findings) {
      expect(finding.evidence.length).toBeGreaterThan(0);
      for (const { path, at } of finding.evidence) {
        expect(paths).toContain(path);
        expect(at).toBeGreaterThan(0);
      }
    }
  });

  it('says the same ids when it is run again, and adds nothing', () => {
    const again = JSON.parse(investigate('intrusion', '--json').stdout) as Report;
    expect(again.incidents.map((incident) => incident.id)).toEqual(intrusion.incidents.map((incident) => incident.id));
    expect(again.findings.map((finding) => finding.id)).toEqual(intrusion.findings.map((finding) => finding.id));
    expect(again.evidence).toEqual(intrusion.evidence);
  }, 120_000);

  it('runs every detector inside bounds of time, too', () => {
    const bounded = ['--since', '2026-03-10T12:00:00Z', '--until', '2026-03-10T20:00:00Z', '--json'];
    const report = JSON.parse(investigate('intrusion', ...bounded).stdout) as Report;
    expect(report.problems).toEqual([]);
    expect(report.ran).toEqual(intrusion.ran);
    expect(report.findings.map((finding) => finding.detector)).toContain('analytics/dns-tunnel');
    expect(report.findings.map((finding) => finding.detector)).not.toContain('analytics/exploit-string');
  }, 120_000);

  it('exits with 1 when --fail-on is reached', () => {
    expect(investigate('intrusion', '--fail-on', 'high', '-q').status).toBe(1);
  }, 120_000);
});

describe('samples/quiet', () => {
  it('has no incident of high or critical severity, and at most two of medium', () => {
    expect(quiet.incidents.filter(isGrave)).toEqual([]);
    expect(quiet.incidents.filter((incident) => incident.severity === 'medium').length).toBeLessThanOrEqual(2);
    expect(quiet.findings.filter((finding) => finding.severity === 'critical')).toEqual([]);
  });

  it('reads everything without a problem', () => {
    expect(quiet.problems).toEqual([]);
  });
});
