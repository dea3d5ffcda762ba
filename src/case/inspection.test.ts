import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLogger } from '../base/logger.ts';
import type { Claim, Inspection } from '../inspect/claim.ts';
import { judgeInspection } from './inspection.ts';
import type { InspectionRequest } from './service.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-inspection-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = 1_700_000_000_000_000;
const claim: Claim = {
  detector: 'persistence/cron',
  title: 'cron job that pipes a download into a shell',
  severity: 'high',
  score: 0.8,
  path: '/etc/cron.d/sysupdate',
  line: 1,
  time: now - 5_000_000,
  entities: [
    { kind: 'host', value: 'web01' },
    { kind: 'file', value: 'web01:/etc/cron.d/sysupdate' },
  ],
  attack: ['T1053.003'],
  reasons: [{ what: 'owner', value: 'no package', weight: 0.3 }],
  vanishes: 'a package owned the file',
  next: 'Read the file.',
};
const weakness: Claim = { ...claim, detector: 'checks/privileged', path: 'compose.yaml', severity: 'critical' };

function requestOf(subject: string, claims: readonly Claim[]): InspectionRequest {
  const inspection: Inspection = {
    subject,
    by: 'host inspect',
    claims,
    problems: [{ code: 'unreadable', at: { path: '/etc/shadow' }, message: 'permission denied' }],
    notChecked: [{ what: 'processes', why: 'not a live system' }],
    ran: ['persistence/cron'],
  };
  return { inspection, files: [{ path: '/etc/cron.d/sysupdate', sha256: 'ab'.repeat(32), size: 70 }] };
}

describe('an inspection', () => {
  it('is judged by itself: what was planted is an incident, a weakness is a finding', () => {
    const verdict = judgeInspection(requestOf('/', [claim, claim, weakness]), now);
    expect(verdict.findings).toMatchObject([
      { detector: 'persistence/cron', first_seen: now - 5_000_000, evidence: [{ evidence_id: 1, at: 1 }], count: 1 },
      { detector: 'checks/privileged', evidence: [{ evidence_id: 2, at: 1 }] },
    ]);
    expect(verdict.evidence).toMatchObject([
      { evidence_id: 1, path: '/etc/cron.d/sysupdate', sha256: 'ab'.repeat(32), size: 70 },
      { evidence_id: 2, path: 'compose.yaml', sha256: '' },
    ]);
    expect(verdict.incidents).toHaveLength(1);
    expect(verdict.incidents[0]).toMatchObject({ severity: 'high', attack: ['T1053.003'] });
    expect(verdict.notChecked).toEqual([{ what: 'processes', why: 'not a live system' }]);
  });

  it('is kept in a case: a later one of the same subject replaces it, another one stands beside it', async () => {
    const service = await openLocalCase({
      folder,
      settings: defaultCaseSettings,
      logger: createLogger({ level: 'error', format: 'text', write: () => undefined }),
      now: () => now,
    });
    try {
      const first = await service.join(requestOf('disk.img', [claim]), {});
      expect(first.findings).toHaveLength(1);
      expect(first.evidence).toMatchObject([{ path: 'disk.img!/etc/cron.d/sysupdate', source: 'inspection' }]);
      expect(first.problems).toMatchObject([{ message: 'disk.img!/etc/shadow: permission denied' }]);
      const again = await service.join(requestOf('disk.img', [claim]), {});
      expect(again.evidence).toHaveLength(1);
      expect(again.findings.map(({ id }) => id)).toEqual(first.findings.map(({ id }) => id));
      expect((await service.join(requestOf('/', [claim]), {})).evidence).toHaveLength(2);
      const scan = requestOf('disk.img', [weakness]);
      const both = await service.join({ ...scan, inspection: { ...scan.inspection, by: 'image scan' } }, {});
      expect(both.findings.map(({ detector }) => detector).sort()).toEqual([
        'checks/privileged',
        'persistence/cron',
        'persistence/cron',
      ]);
      await service.join({ ...scan, inspection: { ...scan.inspection, by: 'image scan', claims: [] } }, {});
      const gone = await service.join(requestOf('disk.img', []), {});
      expect(gone.evidence.map(({ path }) => path)).toContain('disk.img');
      expect(gone.findings).toHaveLength(1);
      expect((await service.verdict()).ran).toContain('persistence/cron');
    } finally {
      await service.close();
    }
  });

  it('of a file that was in a folder looked at before takes the place of what was said of it there', async () => {
    const service = await openLocalCase({
      folder: join(folder, 'again'),
      settings: defaultCaseSettings,
      logger: createLogger({ level: 'error', format: 'text', write: () => undefined }),
      now: () => now,
    });
    const check = (subject: string, ...paths: readonly string[]): InspectionRequest => {
      const claims = paths.map((path): Claim => ({ ...weakness, path }));
      const { inspection, files } = requestOf(subject, claims);
      return { files, inspection: { ...inspection, by: 'image check', hasWholePaths: true } };
    };
    try {
      const said = async (request: InspectionRequest): Promise<string[]> => {
        const { findings, evidence } = await service.join(request, {});
        const pathOf = new Map(evidence.map(({ evidence_id: id, path }) => [id, path]));
        return findings.map((finding) => pathOf.get(finding.evidence[0]?.evidence_id ?? 0) ?? '').sort();
      };
      expect(await said(check('app', 'app/Dockerfile', 'app/compose.yml'))).toHaveLength(2);
      expect(await said(check('app/Dockerfile', 'app/Dockerfile'))).toEqual(['app/Dockerfile', 'app/compose.yml']);
      expect(await said(check('app', 'app/Dockerfile', 'app/compose.yml'))).toHaveLength(2);
      // What was mended in the file is gone, and what another command said of it stays.
      await service.join(requestOf('app/Dockerfile', [weakness]), {});
      expect(await said(check('app/Dockerfile'))).toHaveLength(2);
    } finally {
      await service.close();
    }
  });
});
