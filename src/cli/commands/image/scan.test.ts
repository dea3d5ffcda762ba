import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tarOf } from '../../../../tests/support/tar.ts';
import { updateStore } from '../../../inspect/packages/advisories/store/update-store.ts';
import type { Terminal } from '../../terminal.ts';
import { runCompare } from './run-compare.ts';
import { runScan, type ScanOptions } from './run-scan.ts';

let folder = '';
let bill = '';
let advisories = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-scan-'));
  bill = join(folder, 'bill.json');
  advisories = join(folder, 'osv.ndjson');
  const purl = 'pkg:npm/minimist@1.2.5';
  const components = [{ type: 'library', name: 'minimist', version: '1.2.5', purl }];
  writeFileSync(bill, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }));
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '1.2.6' }] }];
  const affected = [{ package: { ecosystem: 'npm', name: 'minimist' }, ranges }];
  const names = { id: 'GHSA-xvch-5gv4-984h', aliases: ['CVE-2021-44906'], database_specific: { severity: 'CRITICAL' } };
  writeFileSync(advisories, JSON.stringify({ schema_version: '1.6.0', ...names, affected }));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function scan(
  more: Partial<ScanOptions> = {},
  json = true,
  subject = bill,
): Promise<{ text: string; exitCode: number }> {
  let text = '';
  const terminal: Terminal = terminalTo((part) => (text += part), json);
  const options: ScanOptions = {
    case: '.vakthund',
    logLevel: 'warn',
    logFormat: 'text',
    advisories: [advisories],
    vex: [],
    ignore: [],
    ...more,
  };
  return { exitCode: await runScan(subject, options, terminal), text };
}

function terminalTo(out: (text: string) => void, json: boolean): Terminal {
  const signal = new AbortController().signal;
  return { out, talk: () => undefined, json, quiet: true, color: false, width: 100, isInteractive: false, signal };
}

describe('image scan', () => {
  it('tells a package that was made to do harm before all others, and sends nobody to wait for its next version', async () => {
    const records = join(folder, 'mal.ndjson');
    const affected = [{ package: { ecosystem: 'npm', name: 'minimist' }, versions: ['1.2.5'] }];
    const record = { schema_version: '1.6.0', id: 'MAL-2026-1', summary: 'Malicious code in minimist (npm)', affected };
    writeFileSync(records, JSON.stringify(record));
    const alone = await scan({ advisories: [records], failOn: 'high' }, false);
    expect(alone.exitCode).toBe(1);
    expect(alone.text).toContain('\n1 package was made to do harm: minimist 1.2.5\n');
    expect(alone.text).toContain('\n             minimist 1.2.5, malicious\n');
    expect(alone.text).toContain('\nNext: build again without the packages that do harm.\n');
    const both = await scan({ advisories: [records, advisories] }, false);
    expect(both.text).toContain('\nNext: raise minimist 1.2.5');
    expect((await scan({}, false)).text).not.toContain('harm');
  });

  it('prints one documented object', async () => {
    const { text, exitCode } = await scan();
    expect(exitCode).toBe(0);
    expect(JSON.parse(text)).toEqual({
      counts: { rows: 1, unique: 1, actionable: 1 },
      pending_updates: [],
      vulnerabilities: [
        {
          id: 'CVE-2021-44906',
          aliases: ['GHSA-xvch-5gv4-984h'],
          ecosystem: 'npm',
          package: 'minimist',
          source: 'minimist',
          installed: '1.2.5',
          fixed: '1.2.6',
          fix_state: 'fixed',
          severity: 'critical',
          epss: null,
          kev: false,
          origin: 'osv',
        },
      ],
      packages: [{ purl: 'pkg:npm/minimist@1.2.5', source: 'minimist', layer: null, files_owned: 0 }],
      problems: [],
      not_checked: [
        { what: 'known exploitation', why: 'the catalog of CISA is not loaded' },
        { what: 'probability of exploitation', why: 'the scores of EPSS are not loaded' },
      ],
    });
  });

  it('says in its JSON what of an image was not looked at', async () => {
    const root = join(folder, 'cut.tar');
    writeFileSync(root, tarOf({ 'etc/os-release': 'ID=x\n', big: 'x'.repeat(4096) }).subarray(0, 2000));
    const { text } = await scan({}, true, root);
    expect(JSON.parse(text)).toMatchObject({
      problems: [{ code: 'truncated' }],
      not_checked: expect.arrayContaining([
        { what: `${root}!layer 0`, why: 'the tar ends in the middle of a member' },
      ]) as object,
    });
  });

  it.each([
    [40, true],
    [3, false],
  ])('says of a store that was built %d days ago whether it is too old', async (days, isOld) => {
    const store = join(folder, `store-${days}`);
    const now = () => new Date(Date.now() - days * 86_400_000);
    const signal = new AbortController().signal;
    await updateStore({ folder: store, from: [advisories], signal, now, onProgress: () => undefined });
    const { text } = await scan({ advisories: [], store });
    const { not_checked: left } = JSON.parse(text) as { not_checked: { what: string; why: string }[] };
    expect(left.some(({ why }) => why.startsWith(`the advisory store is ${days} days old`))).toBe(isOld);
  });

  it('fails on what is as bad as asked for, and not on what is less', async () => {
    expect((await scan({ failOn: 'critical' })).exitCode).toBe(1);
    const ignore = join(folder, 'ignore');
    writeFileSync(ignore, 'CVE-2021-44906 # not reachable\n');
    expect((await scan({ failOn: 'low', ignore: [ignore] })).exitCode).toBe(0);
  });

  it('refuses what is no day, and a store that is not there', async () => {
    await expect(scan({ asOf: 'yesterday' })).rejects.toThrow('"yesterday" is no day');
    await expect(scan({ advisories: [], store: folder })).rejects.toThrow('there is no advisory store');
  });
});

describe('image compare', () => {
  it('prints who lists what, and why not', async () => {
    const report = join(folder, 'trivy.json');
    const missing = { VulnerabilityID: 'CVE-2020-7598', PkgName: 'minimist', InstalledVersion: '1.2.5' };
    writeFileSync(report, JSON.stringify({ SchemaVersion: 2, Results: [{ Vulnerabilities: [missing] }] }));
    let text = '';
    const options = { advisories: [advisories], vex: [], ignore: [], with: [report] };
    await runCompare(
      bill,
      options,
      terminalTo((part) => (text += part), true),
    );
    expect(JSON.parse(text)).toMatchObject({
      scanners: [
        { scanner: 'Vakthund', rows: 1, unique: 1, with_fix: 1, doubles: 0 },
        { scanner: 'Trivy', rows: 1, unique: 1, with_fix: 0, doubles: 0 },
      ],
      vulnerabilities: [
        { id: 'CVE-2020-7598', listed_by: { Trivy: 1 }, not_listed_by: { Vakthund: { reason: 'no-advice' } } },
        {
          id: 'CVE-2021-44906',
          listed_by: { Vakthund: 1 },
          not_listed_by: { Trivy: { reason: 'data' } },
        },
      ],
    });
  });
});
