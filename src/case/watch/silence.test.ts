import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { suppressionsFile, writeSuppressions } from '../suppressions.ts';
import type { Alert } from './notice.ts';
import { Silence } from './silence.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-silence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000_000;
let now = Date.UTC(2026, 10, 26) * 1000;
const alert: Alert = {
  detector: 'rules/falco/Terminal shell in container',
  title: 'Terminal shell in container',
  severity: 'low',
  time: now,
  host: 'web01',
  what: 'bash',
  attack: [],
  container: 'shop',
  evidence: { path: 'falco.json', at: 1 },
};
const entry = { id: 's-1', reason: 'an admin', author: 'ann', created: '2026-11-26', container: 'shop' };

describe('silence while watching', () => {
  it('follows the file of the case as it is changed, and ends when an entry expires', () => {
    const silence = new Silence(folder, () => now);
    expect(silence.covers(alert)).toBe(false);
    writeSuppressions(folder, [{ ...entry, expires: '2026-11-28' }]);
    expect(silence.covers(alert)).toBe(true);
    expect(silence.covers({ ...alert, container: 'db' })).toBe(false);
    now += 2 * day;
    expect(silence.covers(alert)).toBe(false);
    writeSuppressions(folder, []);
    expect(silence.covers(alert)).toBe(false);
  });

  it('stops for a file with an error, with its place', () => {
    writeFileSync(suppressionsFile(folder), 'suppressions:\n  - id: a\n    reason: b\n');
    expect(() => new Silence(folder, () => now).covers(alert)).toThrow('suppressions.yaml');
  });

  it('tells once of an error that comes while it runs, and silences nothing until it is mended', () => {
    writeSuppressions(folder, [entry]);
    const faults: string[] = [];
    const silence = new Silence(
      folder,
      () => now,
      (message) => faults.push(message),
    );
    expect(silence.covers(alert)).toBe(true);
    writeFileSync(suppressionsFile(folder), 'suppressions: [');
    expect(silence.covers(alert)).toBe(false);
    expect(silence.covers(alert)).toBe(false);
    expect(faults).toHaveLength(1);
    writeSuppressions(folder, [entry]);
    expect(silence.covers(alert)).toBe(true);
  });
});
