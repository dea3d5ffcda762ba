import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foreignMounts } from './foreign-mounts.ts';
import { ProcFolder } from './proc/proc-folder.ts';

let folder: string;
const line = (id: number, point: string, type: string): string => `${id} 1 0:${id} / ${point} rw - ${type} source rw\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-mounts-'));
  for (const name of ['self', '42']) mkdirSync(join(folder, name));
  const own = [line(1, '/', 'ext4'), line(2, '/mnt/disk', 'nfs4'), line(3, '/srv/root/data', 'cifs')];
  writeFileSync(join(folder, 'self/mountinfo'), [...own, line(4, '/proc', 'proc')].join(''));
  const inside = [
    line(5, '/', 'overlay'),
    line(6, '/proc', 'proc'),
    line(7, '/share', 'nfs4'),
    line(8, '/data', 'ext4'),
  ];
  writeFileSync(join(folder, '42/mountinfo'), inside.join(''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('what is mounted in a machine, below a root, and in the root of a process is told from there', () => {
  const of = (root: string): unknown => {
    const { folders, told } = foreignMounts(new ProcFolder(folder), root);
    return [[...folders], told.map(({ path }) => path)];
  };
  expect(of('/')).toEqual([
    ['/mnt/disk', '/srv/root/data', '/proc'],
    ['/mnt/disk', '/srv/root/data'],
  ]);
  expect(of('/srv/root')).toEqual([['/data'], ['/data']]);
  expect(of('/proc/42/root')).toEqual([['/proc', '/share'], ['/share']]);
});
