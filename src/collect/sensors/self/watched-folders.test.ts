import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WatchedFolders } from './watched-folders.ts';

let folder: string;
let folders: WatchedFolders;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-folders-'));
  folders = new WatchedFolders();
});
afterEach(() => {
  folders.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('watched folders', () => {
  it('tell once that something changed, of the names that matter', async () => {
    const [all, some] = [join(folder, 'all'), join(folder, 'some')];
    for (const path of [all, some]) mkdirSync(path);
    folders.follow(
      new Map<string, ReadonlySet<string> | 'all'>([
        [all, 'all'],
        [some, new Set(['wanted'])],
        [join(folder, 'missing'), 'all'],
      ]),
    );
    expect(folders.takeChanged()).toBe(false);
    writeFileSync(join(some, 'other'), '');
    writeFileSync(join(some, 'wanted'), '');
    await vi.waitUntil(() => folders.takeChanged(), { timeout: 10_000 });
    writeFileSync(join(some, 'other'), 'x');
    // What comes later of another folder comes after it.
    writeFileSync(join(all, 'any'), '');
    await vi.waitUntil(() => folders.takeChanged(), { timeout: 10_000 });
  });

  it('are watched again when another folder stands in the place', async () => {
    const place = join(folder, 'place');
    const wanted = new Map([[place, 'all' as const]]);
    mkdirSync(place);
    folders.follow(wanted);
    rmSync(place, { recursive: true });
    await vi.waitUntil(() => folders.takeChanged(), { timeout: 10_000 });
    mkdirSync(place);
    folders.follow(wanted);
    writeFileSync(join(place, 'file'), '');
    expect(await vi.waitUntil(() => folders.takeChanged(), { timeout: 10_000 })).toBe(true);
  });

  it('are no more when they are not asked for', async () => {
    folders.follow(new Map([[folder, 'all']]));
    folders.follow(new Map());
    writeFileSync(join(folder, 'file'), '');
    const other = join(folder, 'other');
    mkdirSync(other);
    folders.follow(new Map([[other, new Set(['x'])]]));
    writeFileSync(join(other, 'y'), '');
    expect(folders.takeChanged()).toBe(false);
    writeFileSync(join(other, 'x'), '');
    await vi.waitUntil(() => folders.takeChanged(), { timeout: 10_000 });
  });
});
