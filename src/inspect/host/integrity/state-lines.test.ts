import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileState } from './attributes.ts';
import { encodeStates, lineOf, StateTable } from './database.ts';
import { StateLines } from './state-lines.ts';

const latin1 = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const whole = fc.nat({ max: 2 ** 40 });
const state: fc.Arbitrary<FileState> = fc.record({
  path: latin1.map((name) => `/${name}`),
  type: fc.constantFrom('f', 'd', 'l', 'c', 'b', 'p', 's'),
  mode: fc.nat({ max: 0o7777 }),
  uid: whole,
  gid: whole,
  size: whole,
  mtime: whole,
  ctime: whole,
  inode: whole,
  links: whole,
  target: latin1,
  xattrs: fc.constantFrom('', 'x'.repeat(43)),
  digest: fc.constantFrom('', 'd'.repeat(43)),
  owner: fc.constantFrom('', 'tool'),
});
const states = fc.uniqueArray(state, { selector: ({ path }) => path, maxLength: 40 });

async function tableOf(list: readonly FileState[], ownerOf: (path: string) => string | undefined = () => undefined) {
  const lines = new StateLines();
  for (const one of list) lines.add(lineOf(one));
  return new StateTable(await encodeStates(lines, ownerOf));
}

describe('the database of a baseline', () => {
  it('gives back every state, whatever its bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (list) => {
        const ownerOf = (path: string): string => `owner of ${path}`.replaceAll(/[^a-z ]/g, '');
        const table = await tableOf(list, ownerOf);
        expect(table.size).toBe(list.length);
        for (const one of list) {
          const owner = one.owner === '' ? ownerOf(one.path) : one.owner;
          expect(table.get(one.path)).toEqual({ ...one, owner });
        }
      }),
    );
  });

  it('is the same for the same states in any order', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (list) => {
        const bytes = async (order: readonly FileState[]): Promise<Buffer> => {
          const lines = new StateLines();
          for (const one of order) lines.add(lineOf(one));
          return encodeStates(lines, () => undefined);
        };
        expect(await bytes(list)).toEqual(await bytes(list.toReversed()));
      }),
    );
  });

  it('takes a file for touched when any one fact differs that the kernel tells', async () => {
    const facts = ['mode', 'uid', 'gid', 'size', 'mtime', 'ctime', 'inode', 'links'] as const;
    await fc.assert(
      fc.asyncProperty(state, fc.constantFrom(...facts), async (one, fact) => {
        const table = await tableOf([one]);
        expect(table.untouched(one)).toEqual({ xattrs: one.xattrs, digest: one.digest });
        expect(table.untouched({ ...one, [fact]: one[fact] + 1 })).toBeUndefined();
        expect(table.untouched({ ...one, target: `${one.target}x` })).toBeUndefined();
        expect(table.untouched({ ...one, type: one.type === 'f' ? 'd' : 'f' })).toBeUndefined();
      }),
    );
  });

  it('holds lines that are longer than its pieces, and many of them', async () => {
    const base = {
      type: 'f',
      mode: 0,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
      ctime: 0,
      inode: 0,
      links: 1,
      xattrs: '',
      digest: '',
      owner: '',
    };
    const long = { ...base, path: '/long', target: 't'.repeat(3 * 2 ** 20) };
    const many = Array.from({ length: 20_000 }, (_none, index) => ({
      ...base,
      path: `/${index}`,
      target: 'x'.repeat(100),
    }));
    const table = await tableOf([...many, long, { ...base, path: '/after', target: '' }]);
    expect(table.get('/long')?.target).toHaveLength(3 * 2 ** 20);
    expect([table.size, table.get('/19999')?.target.length, table.get('/after')?.target]).toEqual([20_002, 100, '']);
  });
});
