import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { severityRank } from '../src/events/finding.ts';
import type { Claim } from '../src/inspect/claim.ts';
import { persistence } from '../src/inspect/host/persistence/registry.generated.ts';
import { delivered } from './support/inventory/delivered.ts';
import type { InventoryRow, Scene } from './support/inventory/row.ts';
import { unknownPlugins } from '../tools/reference/inventory.ts';
import { inventory } from './support/inventory/rows.ts';
import { inspectScene } from './support/inventory/stage.ts';

const rows = Object.values(inventory).flat();
const planted = rows.flatMap(({ plant, ...row }) => (plant === undefined ? [] : [{ ...row, plant }]));
const corpus = process.env['VAKTHUND_CORPUS'] ?? join(import.meta.dirname, '../../shared/corpus');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-inventory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function twinScene({ plant, twin }: InventoryRow): Scene {
  if (twin === undefined) throw new Error('a row with a plant has a twin');
  return twin === 'packaged' ? { ...plant, files: delivered(plant?.files ?? {}) } : twin;
}

function told(claims: readonly Claim[]): string[] {
  return claims.map(({ detector, severity, path, title }) => `${detector} ${severity} ${path}: ${title}`);
}

describe('each class of the inventory', () => {
  it('names plug-ins that there are', async () => {
    expect(await unknownPlugins(rows)).toEqual([]);
    const [row] = rows;
    expect(
      await unknownPlugins(
        row === undefined ? [] : [{ ...row, id: 'x', techniques: ['none'], others: ['table `gone`'] }],
      ),
    ).toEqual(['persistence "none" of x', 'table "gone" of x']);
  });

  it.each(planted)('$id: $title is found', ({ plant, techniques }) => {
    const { detector, path, severity } = plant;
    const claims = inspectScene(plant, folder);
    const there = claims.filter((claim) => claim.path === path && claim.detector === `persistence/${detector}`);
    const [strongest] = there.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity));
    expect([strongest?.severity, told(claims)]).toEqual([severity, told(claims)]);
    expect(techniques).toContain(detector.split('/')[0]);
  });

  it.each(planted)('$id: its honest twin stays quiet', (row) => {
    const loud = inspectScene(twinScene(row), folder).filter(
      ({ severity }) => severityRank(severity) > severityRank('low'),
    );
    expect(told(loud)).toEqual([]);
  });

  it('names techniques that exist, and every technique stands in a class', () => {
    const named = new Set(rows.flatMap(({ techniques }) => techniques));
    expect([...named].filter((id) => !(id in persistence))).toEqual([]);
    const ours = [
      'inetd',
      'loaded-library',
      'remote-trust',
      'service-hooks',
      'service-settings',
      'settings-text',
      'suspicious-process',
      'tmpfiles',
      'tool-settings',
    ];
    expect(Object.keys(persistence).filter((id) => !named.has(id))).toEqual(ours.toSorted());
  });

  it('without a plant is covered by something else that the row names', () => {
    const bare = rows.filter(({ plant, others = [] }) => plant === undefined && others.length === 0);
    expect(bare.map(({ id }) => id)).toEqual([]);
  });
});

const table = join(corpus, 'host/persistence-inventory.tsv');
describe.runIf(existsSync(table))('the published inventory', () => {
  it('and ours have the same classes', () => {
    const lines = readFileSync(table, 'utf8').split('\n').slice(1);
    const theirs = lines.map((line) => line.split('\t')[0] ?? '').filter((id) => id !== '');
    expect(rows.map(({ id }) => id).toSorted()).toEqual(theirs.toSorted());
  });

  it('and ours name every simulation', () => {
    const sims = JSON.parse(readFileSync(join(corpus, 'host/sims/sims.json'), 'utf8')) as { id: string }[];
    expect(rows.flatMap(({ simulations = [] }) => simulations).toSorted()).toEqual(sims.map(({ id }) => id).toSorted());
  });
});
