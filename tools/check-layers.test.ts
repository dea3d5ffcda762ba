import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..');
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'vakthund-layers-'));
  for (const name of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json', 'tools']) {
    cpSync(join(repository, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'));
  write('src/base/a.ts', 'export const a = 1;');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

describe('the layers', () => {
  it('lets a file import its own room and lower floors', () => {
    write('src/case/c.ts', `export { a } from '../base/a.ts'; export { d } from './d.ts';`);
    write('src/case/d.ts', 'export const d = 1;');
    expect(check()).toEqual({ code: 0, faults: [] });
  });

  it('names each import that goes up, sideways or round', () => {
    write('src/base/up.ts', `export { c } from '../case/c.ts';`);
    write('src/case/c.ts', 'export const c = 1;');
    write('src/collect/side.ts', `import type { D } from '../detect/d.ts'; export type S = D;`);
    write('src/detect/d.ts', `export type D = string;`);
    write('src/match/x.ts', `import { y } from './y.ts'; export const x = (): number => y();`);
    write('src/match/y.ts', `import { x } from './x.ts'; export const y = (): number => x();`);
    const { code, faults } = check();
    expect(code).toBe(1);
    expect(faults).toEqual(
      expect.arrayContaining([
        'base-stays-on-its-floor: src/base/up.ts -> src/case/c.ts',
        'collect-stays-on-its-floor: src/collect/side.ts -> src/detect/d.ts',
        'no-circular: src/match/x.ts -> src/match/y.ts',
      ]),
    );
  });

  it('keeps plug-ins strangers, behind their registry', () => {
    const folder = 'src/collect/sources';
    write(`${folder}/zeek/index.ts`, `export { p } from '../pcap/p.ts'; export { s } from '../_shared/s.ts';`);
    write(`${folder}/pcap/p.ts`, 'export const p = 1;');
    write(`${folder}/_shared/s.ts`, 'export const s = 1;');
    write('src/case/c.ts', `export { p } from '../collect/sources/pcap/p.ts';`);
    write('src/events/kinds/b.ts', `export { k } from './k.ts';`);
    write('src/events/kinds/k.ts', 'export const k = 1;');
    expect(check().faults).toEqual([
      'plug-ins-of-kind-are-strangers: src/events/kinds/b.ts -> src/events/kinds/k.ts',
      'plug-ins-of-source-are-strangers: src/collect/sources/zeek/index.ts -> src/collect/sources/pcap/p.ts',
      'source-is-reached-through-its-registry: src/case/c.ts -> src/collect/sources/pcap/p.ts',
    ]);
  });

  it('keeps tests leaves, and the program free of development packages and tools', () => {
    write('src/base/a.test.ts', 'export const helper = 1;');
    write('src/base/b.ts', `export { helper } from './a.test.ts'; import 'fast-check'; import './nothing.ts';`);
    write('src/base/t.ts', `export { floors } from '../../tools/floors.ts';`);
    const names = check().faults.map((fault) => fault.split(':')[0]);
    expect(names).toEqual(['everything-resolves', 'no-development-packages', 'src-stands-alone', 'tests-are-leaves']);
  });

  it('fails on a file outside every room', () => {
    write('src/attic/old.ts', 'export const old = 1;');
    expect(check()).toEqual({ code: 1, faults: ['outside-every-room: src/attic/old.ts'] });
  });

  it('fails when files were not read', () => {
    rmSync(join(tree, 'node_modules'));
    expect(check().code).toBe(1);
  });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(tree, name)), { recursive: true });
  writeFileSync(join(tree, name), `${text}\n`);
}

function check(): { code: number | null; faults: string[] } {
  const run = spawnSync(process.execPath, ['tools/check-layers.ts'], { cwd: tree, encoding: 'utf8' });
  return {
    code: run.status,
    faults: run.stderr
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .sort(),
  };
}
