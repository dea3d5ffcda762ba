import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, isRequired: true };
}

describe('loadSettings', () => {
  it('gives defaults when no file is there', () => {
    const { settings, origins } = loadSettings([{ path: join(folder, 'none.yaml'), isRequired: false }]);
    expect(settings.networks.local).toContain('10.0.0.0/8');
    expect(origins.size).toBe(0);
  });

  it('lets the later file win key by key and tells where a value came from', () => {
    const user = file('user.yaml', 'networks:\n  local: [192.0.2.0/24]\nstore:\n  threads: 1\n');
    const project = file('project.yaml', 'store:\n  threads: 2\n');
    const { settings, origins } = loadSettings([user, project]);
    expect(settings.networks.local).toEqual(['192.0.2.0/24']);
    expect(settings.store.threads).toBe(2);
    expect(origins.get('store.threads')).toBe(project.path);
    expect(origins.get('networks.local')).toBe(user.path);
  });

  it('takes paths from where the file stands that names them', () => {
    const { settings } = loadSettings([file('a.yaml', 'rules:\n  pipelines: [ecs.yml, /etc/x.yml]\n')]);
    expect(settings.rules.pipelines).toEqual([join(folder, 'ecs.yml'), '/etc/x.yml']);
  });

  it('names the nearest setting for one that does not exist', () => {
    expect(() => loadSettings([file('a.yaml', 'networcs: {}\n')])).toThrow(
      /no setting "networcs"; did you mean "networks"/,
    );
  });

  it('tells all that is wrong with a zone, each at its line and with the nearest name', () => {
    const text = [
      'zones:',
      '  office:',
      '    networks: [10.0.0.0/24]',
      '    threshold: { analytics/beacon: 0.9 }',
      '    allow:',
      '      - detector: analytics/beacon',
      'analytics:',
      '  beacon:',
      '    min_score: 7',
      '    min_cals: 3',
    ].join('\n');
    const path = file('a.yaml', text).path;
    let message = '';
    try {
      loadSettings([{ path, isRequired: true }]);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.replaceAll(path, 'a.yaml').split('\n  ')).toEqual([
      'a.yaml:4: there is no setting "zones.office.threshold"; did you mean "thresholds"?',
      'a.yaml:6: "zones.office.allow.0.reason" is missing (string)',
      expect.stringContaining('a.yaml:9: "analytics.beacon.min_score": '),
      'a.yaml:10: there is no setting "analytics.beacon.min_cals"; did you mean "min_calls"?',
    ]);
  });

  it.each([
    [
      'a network that is none',
      'networks:\n  local: [10.0.0.300/8]\n',
      /a\.yaml:2.*networks\.local\.0.*is not a network/,
    ],
    ['text that is no YAML', 'a: [1\n', /a\.yaml:\d+/],
    ['a key that stands twice', 'store: {}\nstore: {}\n', /a\.yaml:2/],
    ['a number out of bounds', 'store:\n  threads: 0\n', /store\.threads/],
  ])('tells file and line of %s', (_what, text, message) => {
    expect(() => loadSettings([file('a.yaml', text)])).toThrow(message);
  });

  it('refuses a named file that is not there', () => {
    expect(() => loadSettings([{ path: join(folder, 'none.yaml'), isRequired: true }])).toThrow(/cannot be read/);
  });
});
