import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { databaseSamples } from '../../../tests/support/database-samples.ts';
import { packageSamples } from '../../../tests/support/package-samples.ts';
import { elfOf, peOf } from '../../../tests/support/programs.ts';
import { catalogTree } from './catalog.ts';
import { catalogers } from './catalogers/registry.generated.ts';
import type { Package } from './package.ts';

function textOf({ name, version, isDevelopment, isProject }: Package): string {
  const roles = [isDevelopment === true ? ' dev' : '', isProject === true ? ' project' : ''];
  return `${name} ${version}${roles.join('')}`;
}

describe('the packages of a tree', () => {
  it.each([...databaseSamples, ...packageSamples].map((sample) => [sample.cataloger, sample.what, sample] as const))(
    'of %s: %s',
    (cataloger, _what, { files, packages }) => {
      const found = catalogTree(new MemoryTree(files)).packages.filter(({ foundBy }) => foundBy === cataloger);
      expect(found.map(textOf).sort()).toEqual(packages.toSorted());
    },
  );

  it('come from catalogers that all have a sample', () => {
    const tested = new Set([...databaseSamples, ...packageSamples].map(({ cataloger }) => cataloger as string));
    expect(Object.keys(catalogers).filter((id) => !tested.has(id))).toEqual([]);
  });

  it('are the same in every run, in order', () => {
    const files = Object.assign({}, ...packageSamples.map(({ files: some }) => some)) as Record<string, string>;
    const [first, second] = [catalogTree(new MemoryTree(files)), catalogTree(new MemoryTree(files))];
    expect(first.packages.length).toBeGreaterThan(50);
    expect(second).toEqual(first);
    expect(first.ran).toEqual(Object.keys(catalogers));
  });

  it('tell which file is broken, and are the rest', () => {
    const { packages, problems } = catalogTree(
      new MemoryTree({ '/a/package-lock.json': '{', '/b/poetry.lock': '[', '/c/mix.lock': '"k": {:hex, :a, "1.0",' }),
    );
    expect(packages.map(textOf)).toEqual(['a 1.0']);
    expect(problems.map(({ code, at }) => `${code} ${at.path}`)).toEqual([
      'bad-record /a/package-lock.json',
      'bad-record /b/poetry.lock',
    ]);
  });
});

it('are bounded in number, and what is left out is counted', () => {
  const lines = Array.from({ length: 100_007 }, (_, index) => `p${index}==1`).join('\n');
  const { packages, problems } = catalogTree(new MemoryTree({ '/app/requirements.txt': lines }));
  expect(packages).toHaveLength(100_000);
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'limit-reached 7 packages: more than 100000 of one kind; from here on so many were left out',
  ]);
});

it('the database of pacman gives files, source and time', () => {
  const sample = databaseSamples.find(({ cataloger }) => cataloger === 'pacman');
  expect(catalogTree(new MemoryTree(sample?.files ?? {})).packages).toMatchObject([
    {
      purl: 'pkg:alpm/arch/a@1:1.0-1',
      source: { name: 'b', version: '1:1.0-1' },
      licenses: ['MIT', 'GPL2'],
      installedAt: 1_700_000_000_000_000,
      files: [
        { path: '/etc/a.conf', isConfig: true, digest: { algorithm: 'md5', hex: '0123456789abcdef0123456789abcdef' } },
        { path: '/usr/bin/a' },
      ],
    },
  ]);
});

it.each([
  ['ELF', (mark: string) => elfOf([{ name: '', address: 0x40_0000, bytes: Buffer.from(`${mark}x`) }], false)],
  ['PE', (mark: string) => peOf([{ name: mark.replace('!', '1'), address: 0x40_1000, bytes: Buffer.alloc(64) }])],
])('a program that is packed with UPX is told, because nothing in it is known: %s', (_format, make) => {
  const problemsOf = (mark: string) => catalogTree(new MemoryTree({ '/bin/tool.exe': make(mark) })).problems;
  expect(problemsOf('UPX!')).toMatchObject([{ code: 'unsupported', at: { path: '/bin/tool.exe' } }]);
  expect(problemsOf('none')).toEqual([]);
});
